import { existsSync, statSync } from 'node:fs';
import {
  type Checkpoint,
  type Fault,
  firstDifference,
  LedgerError,
  type LogSource,
  type Verified,
  type Verifier,
  verifyLog,
} from '@isocenter/ledger';
import type { LogOptions } from '../program.ts';
import { LogFailure } from './log-failure.ts';
import { keyOf, MirrorFolder, parseKey } from './mirror-folder.ts';
import { Remembered } from './remembered.ts';
import { openRemoteLog, type RemoteLog } from './remote-log.ts';
import { describeCheckpoint, type Streams, showCount, writeFaults } from './report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `isocenter log verify`. Returns 0 when all holds, 1 when something is wrong. */
export async function verify(
  where: string,
  options: LogOptions,
  env: Environment,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  let remote: RemoteLog | undefined;
  try {
    if (isFolder(where)) return await verifyFolder(new MirrorFolder(where), options, streams);
    remote = openRemoteLog(where, options.token, env);
    return await verifyServer(remote, where, options, env, streams);
  } catch (error) {
    if (!(error instanceof LogFailure) && !(error instanceof LedgerError)) throw error;
    streams.err.write(`Not verified: ${error.message}.\n`);
    return 1;
  } finally {
    await remote?.close();
  }
}

const isFolder = (where: string): boolean =>
  !/^https?:\/\//.test(where) && existsSync(where) && statSync(where).isDirectory();

async function verifyFolder(mirror: MirrorFolder, options: LogOptions, streams: Streams): Promise<number> {
  const verifier = await keyOf(mirror, options.key);
  if (verifier === undefined) throw new LogFailure(`${mirror.folder} has no key of a log; give it with --key`);
  return report(await run(mirror, verifier, undefined, streams), streams);
}

async function verifyServer(
  remote: RemoteLog,
  where: string,
  options: LogOptions,
  env: Environment,
  streams: Streams,
): Promise<number> {
  const memory = await Remembered.open(where, env);
  const mirror = options.mirror === undefined ? undefined : new MirrorFolder(options.mirror);
  const verifier =
    (mirror && (await keyOf(mirror, options.key))) ??
    (options.key === undefined ? memory.key : parseKey(options.key)) ??
    parseKey((await remote.info()).key);
  const known = (await mirror?.checkpoint(verifier)) ?? memory.checkpoint(verifier);
  const verified = await run(remote, verifier, known, streams);
  const faults = [...verified.faults, ...(await difference(remote, mirror, known, verified))];
  if (faults.length === 0 && verified.note !== undefined) await memory.keep(verifier, verified.note);
  return report({ ...verified, faults }, streams, known);
}

function run(
  source: LogSource,
  verifier: Verifier,
  remembered: Checkpoint | undefined,
  { err }: Streams,
): Promise<Verified> {
  const onProgress = showCount(err, 'verified');
  return verifyLog({ source, verifier, onProgress, ...(remembered && { remembered }) });
}

/** Of a history that is another than that of the mirror, where it begins to be. */
async function difference(
  remote: RemoteLog,
  mirror: MirrorFolder | undefined,
  known: Checkpoint | undefined,
  { checkpoint, faults }: Verified,
): Promise<Fault[]> {
  const changed = faults.some(({ kind }) => kind === 'rewritten' || kind === 'rolled-back');
  if (mirror === undefined || known === undefined || checkpoint === undefined || !changed) return [];
  const size = Math.min(known.size, checkpoint.size);
  const leaf = await firstDifference(
    { source: mirror, size: known.size },
    { source: remote, size: checkpoint.size },
    size,
  );
  return leaf === undefined
    ? []
    : [{ kind: 'altered', leaf, message: `Entry ${leaf} is the first that is another than in the mirror.` }];
}

function report({ checkpoint, faults }: Verified, { out }: Streams, known?: Checkpoint): number {
  if (checkpoint !== undefined) out.write(`${describeCheckpoint(checkpoint)}\n`);
  writeFaults(out, faults);
  if (faults.length > 0) {
    out.write(`\nThe log does not hold: ${faults.length} ${faults.length === 1 ? 'thing is' : 'things are'} wrong.\n`);
    return 1;
  }
  out.write('Signature, tree and every entry hold.\n');
  if (known !== undefined && known.size > 0)
    out.write(`It goes on from the checkpoint of ${known.size.toLocaleString('en')} entries that was remembered.\n`);
  return 0;
}
