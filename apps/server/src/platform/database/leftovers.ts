import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { send } from './cluster-processes.ts';

/** Files by which PostgreSQL marks a cluster and its socket as in use; they stay behind when it is killed. */
const marks = ['postmaster.pid', '.s.PGSQL.5432', '.s.PGSQL.5432.lock'];

/** As they stand in proc(5), comm. */
const programs: ReadonlySet<string> = new Set(['postgres', 'initdb']);

/** Milliseconds that each way of asking gets before the next. */
const patience = { fast: 30_000, immediate: 10_000 };

/**
 * Ends what an earlier, killed run of ours left running on the cluster, and removes its marks. Only for the holder of
 * the data folder's lock: nobody else may own what is found here.
 */
export async function endLeftovers(clusterDir: string, log: Log): Promise<void> {
  const found = await processesIn(clusterDir);
  if (found.length > 0) {
    log.warn({ processes: found.length }, 'stopping the PostgreSQL that an earlier run left behind');
    await endProcesses(clusterDir);
  }
  // The marks name process ids, which after a reboot may be those of others: PostgreSQL would then refuse to start.
  for (const mark of marks) await rm(join(clusterDir, mark), { force: true });
}

/** Fast shutdown (roll back, checkpoint); when that takes too long immediate (recovered at the next start); then kill. */
async function endProcesses(clusterDir: string): Promise<void> {
  const postmaster = await postmasterOf(clusterDir);
  if (postmaster !== undefined && (await signalAndWait(clusterDir, [postmaster], 'SIGINT', patience.fast))) return;
  // Without a postmaster its children end by themselves as soon as they notice.
  if (await signalAndWait(clusterDir, await processesIn(clusterDir), 'SIGQUIT', patience.immediate)) return;
  await signalAndWait(clusterDir, await processesIn(clusterDir), 'SIGKILL', patience.immediate);
}

async function signalAndWait(
  clusterDir: string,
  pids: readonly number[],
  signal: NodeJS.Signals,
  limit: number,
): Promise<boolean> {
  for (const pid of pids) send(pid, signal);
  for (const deadline = Date.now() + limit; Date.now() < deadline; await delay(25)) {
    if ((await processesIn(clusterDir)).length === 0) return true;
  }
  return false;
}

/** The postmaster, if the one that postmaster.pid names is alive and really is PostgreSQL in this folder. */
async function postmasterOf(clusterDir: string): Promise<number | undefined> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return (await processesIn(clusterDir)).find((candidate) => candidate === pid);
}

/** Every PostgreSQL process that works in the folder: postmaster and backends all have it as working directory. */
export async function processesIn(clusterDir: string): Promise<number[]> {
  const folder = await realpath(clusterDir);
  const entries = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const checked = await Promise.all(
    entries.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
      if (cwd !== folder) return false;
      return programs.has((await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim());
    }),
  );
  return entries.filter((_, i) => checked[i]).map(Number);
}
