import { totalmem } from 'node:os';

const MiB = 2 ** 20;
const between = (lowest: number, value: number, highest: number): number => Math.min(Math.max(value, lowest), highest);
const inMiB = (bytes: number): string => `${Math.floor(bytes / MiB)}MB`;

/** Bytes that this process and its children may use: the container's limit where there is one. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/**
 * Settings of the embedded PostgreSQL, for an archive that shares a machine with its server. Passed on the command line,
 * so that they hold whatever postgresql.conf says. fsync, full_page_writes and synchronous_commit keep their defaults
 * (on): an acknowledged instance survives a power cut.
 */
export function clusterSettings(maxConnections = 80): Record<string, string> {
  const memory = usableMemory();
  return {
    // No network: only this machine's users who may enter the cluster's folder reach the socket in it. Its path is
    // relative to the cluster's folder, which keeps it below the 107 bytes that a socket address may have.
    listen_addresses: '',
    unix_socket_directories: '.',
    unix_socket_permissions: '0700',
    max_connections: String(maxConnections),
    // The file cache does most of the work; a tenth of memory is enough for the hot part of the index.
    shared_buffers: inMiB(between(64 * MiB, memory / 10, 2048 * MiB)),
    effective_cache_size: inMiB(between(256 * MiB, memory / 2, 65536 * MiB)),
    work_mem: '16MB',
    maintenance_work_mem: inMiB(between(64 * MiB, memory / 32, 1024 * MiB)),
    // Ingest writes many small commits: fewer checkpoints, smaller full-page images.
    max_wal_size: '2GB',
    min_wal_size: '128MB',
    wal_compression: 'on',
    checkpoint_timeout: '15min',
    // Our queries are short index lookups: compiling them, or spreading them over processes, costs more than it gains.
    // (Parallel queries would also need /dev/shm, which has 64 MiB in a container by default.)
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    // Solid-state disks: a random page costs about what a sequential one does.
    random_page_cost: '1.1',
    // Sessions whose client was killed end soon, so that their locks don't outlive them.
    client_connection_check_interval: '5s',
    idle_in_transaction_session_timeout: '10min',
    // Statement errors go to the program that made them, not to the log: statements, keys and values are patient data.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_autovacuum_min_duration: '-1',
    log_line_prefix: '',
    lc_messages: 'C',
    TimeZone: 'UTC',
    log_timezone: 'UTC',
  };
}
