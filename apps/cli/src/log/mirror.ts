import {
  bundlePath,
  type Checkpoint,
  type Fault,
  firstDifference,
  formatVerifier,
  hashesAtLevel,
  LedgerError,
  openCheckpoint,
  sinceRemembered,
  TILE_WIDTH,
  tileAt,
  tilePath,
  type Verifier,
  verifyLog,
} from '@isocenter/ledger';
import type { LogOptions } from '../program.ts';
import { LogFailure } from './log-failure.ts';
import { keyOf, MirrorFolder, parseKey } from './mirror-folder.ts';
import { openRemoteLog, type RemoteLog } from './remote-log.ts';
import { describeCheckpoint, type Streams, showCount, writeFaults } from './report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Files that are fetched at once. */
const AT_ONCE = 8;

/**
 * `isocenter log mirror`: fetches what is new, verifies it against what is here, and only then moves the checkpoint.
 * Cut off anywhere, the mirror is what it was, and the next run fetches only what is still missing.
 */
export async function mirror(
  url: string,
  folder: string,
  options: LogOptions,
  env: Environment,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  let remote: RemoteLog | undefined;
  try {
    remote = openRemoteLog(url, options.token, env);
    const copy = new MirrorFolder(folder);
    const verifier = (await keyOf(copy, options.key)) ?? parseKey((await remote.info()).key);
    const faults = await update(remote, copy, verifier, streams);
    writeFaults(streams.out, faults);
    if (faults.length > 0) streams.out.write('\nThe log does not hold; the mirror keeps the checkpoint that it had.\n');
    return faults.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof LogFailure) && !(error instanceof LedgerError)) throw error;
    streams.err.write(`Not mirrored: ${error.message}.\n`);
    return 1;
  } finally {
    await remote?.close();
  }
}

async function update(remote: RemoteLog, copy: MirrorFolder, verifier: Verifier, streams: Streams): Promise<Fault[]> {
  const note = await remote.read('checkpoint');
  if (note === undefined) throw new LogFailure('the log has no entries yet');
  const now = openCheckpoint(new TextDecoder().decode(note), verifier);
  const known = await copy.checkpoint(verifier);
  if (known !== undefined) {
    const faults = await sinceMirrored(remote, copy, known, now);
    if (faults.length > 0) return faults;
  }
  await fetchMissing(remote, copy, now.size, streams);
  // The new checkpoint over the files that are here: it is written only when it holds.
  const source = { read: async (path: string) => (path === 'checkpoint' ? note : copy.read(path)) };
  const { faults } = await verifyLog({
    source,
    verifier,
    fromLeaf: known?.size ?? 0,
    ...(known && { remembered: known }),
  });
  if (faults.length > 0) {
    // The next run shall fetch them anew.
    await copy.forget(pathsOf(now.size), new Set(pathsOf(known?.size ?? 0)));
    return [...faults];
  }
  await copy.write('key', new TextEncoder().encode(`${formatVerifier(verifier)}\n`));
  await copy.write('checkpoint', note);
  await copy.tidy(now.size);
  streams.out.write(`${describeCheckpoint(now)}\n${(now.size - (known?.size ?? 0)).toLocaleString('en')} new.\n`);
  return [];
}

/** Whether the server's log goes on from what is mirrored, and else where it differs. */
async function sinceMirrored(
  remote: RemoteLog,
  copy: MirrorFolder,
  known: Checkpoint,
  now: Checkpoint,
): Promise<Fault[]> {
  const [faults, there] = [await sinceRemembered(remote, now, known), { source: remote, size: now.size }];
  if (faults.length === 0) return [];
  const leaf = await firstDifference({ source: copy, size: known.size }, there, Math.min(known.size, now.size));
  if (leaf === undefined) return faults;
  return [
    ...faults,
    { kind: 'altered', leaf, message: `Entry ${leaf} is the first that is another than in the mirror.` },
  ];
}

/** Every tile and bundle of a tree of this size that isn't here yet. Full ones never change. */
async function fetchMissing(remote: RemoteLog, copy: MirrorFolder, size: number, { err }: Streams): Promise<void> {
  const paths = [...pathsOf(size)];
  const progress = showCount(err, 'files');
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const fetched = await Promise.allSettled(
      paths.slice(from, from + AT_ONCE).map((path) => fetchOne(remote, copy, path)),
    );
    const failed = fetched.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    progress(Math.min(from + AT_ONCE, paths.length), paths.length);
  }
}

async function fetchOne(remote: RemoteLog, copy: MirrorFolder, path: string): Promise<void> {
  if (await copy.has(path)) return;
  const bytes = await remote.read(path);
  if (bytes === undefined) throw new LogFailure(`the server lacks ${path}, which its checkpoint speaks of`);
  await copy.write(path, bytes);
}

function* pathsOf(size: number): Generator<string, void, void> {
  for (let level = 0; hashesAtLevel(level, size) > 0; level++) {
    const tiles = Math.ceil(hashesAtLevel(level, size) / TILE_WIDTH);
    for (let index = 0; index < tiles; index++) {
      const tile = tileAt(level, index, size);
      yield tilePath(tile);
      if (level === 0) yield bundlePath(tile);
    }
  }
}
