import {
  appendLeaves,
  edgeTiles,
  formatVerifier,
  leafHash,
  noteSigner,
  signCheckpoint,
  type TileReader,
} from '@isocenter/ledger';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SignedLog } from '../api/log.ts';
import { type Seen, verifyCheckpoint } from './verify-checkpoint.ts';
import { verifyEntry } from './verify-entry.ts';

const signer = noteSigner('log.example/tracer', new Uint8Array(32).fill(7));
const bodies = Array.from({ length: 700 }, (_, leaf) => `{"entry":${leaf}}`);

/** The tiles of a log as a server has them. */
async function logOf(entries: readonly string[]): Promise<{ signed: SignedLog; root: Uint8Array; read: TileReader }> {
  const leaves = entries.map((body) => leafHash(new TextEncoder().encode(body)));
  const { size, root, changed } = await appendLeaves(
    0,
    edgeTiles(0).map((tile) => ({ ...tile, hashes: new Uint8Array() })),
    leaves,
  );
  const tiles = new Map(changed.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]));
  const info = { origin: signer.name, key: formatVerifier(signer), size, sees: 'all' as const };
  return {
    signed: { info, note: size === 0 ? undefined : signCheckpoint({ origin: signer.name, size, root }, signer) },
    root,
    read: async (wanted) =>
      wanted.map(
        ({ level, index, width }) => tiles.get(`${level}/${index}`)?.subarray(0, width * 32) ?? new Uint8Array(),
      ),
  };
}

let log: Awaited<ReturnType<typeof logOf>>;
beforeAll(async () => {
  log = await logOf(bodies);
});
const seenOf = ({ info, note }: SignedLog): Seen => ({
  key: info.key,
  checkpoint: note ?? '',
  at: '2026-01-01T00:00:00Z',
});

describe('[TRACE-4] the page', () => {
  test('proves an entry from the bytes that it shows, and nothing else', async () => {
    const checkpoint = { origin: signer.name, size: 700, root: log.root };
    for (const leaf of [0, 255, 256, 699]) {
      expect(await verifyEntry({ leaf, body: bodies[leaf]! }, checkpoint, log.read)).toBe('proved');
      expect(await verifyEntry({ leaf, body: `${bodies[leaf]} ` }, checkpoint, log.read)).toBe('broken');
    }
    expect(await verifyEntry({ leaf: 5, body: bodies[6]! }, checkpoint, log.read)).toBe('broken');
    expect(await verifyEntry({ leaf: 700, body: 'x' }, checkpoint, log.read)).toBe('later');
  });

  test('believes a checkpoint that is signed and goes on from the one that it saw', async () => {
    expect(await verifyCheckpoint(log.signed, undefined, log.read)).toMatchObject({ kind: 'holds', since: undefined });
    const before = await logOf(bodies.slice(0, 300));
    expect(await verifyCheckpoint(log.signed, seenOf(before.signed), log.read)).toMatchObject({
      kind: 'holds',
      since: { size: 300 },
    });
    const empty = await logOf([]);
    expect(await verifyCheckpoint(empty.signed, undefined, empty.read)).toEqual({ kind: 'empty' });
  });

  test('tells what is wrong with one', async () => {
    const fault = async (signed: SignedLog, seen: Seen | undefined, read = log.read) => {
      const verdict = await verifyCheckpoint(signed, seen, read);
      return verdict.kind === 'broken' ? verdict.fault : verdict.kind;
    };
    const forged = { ...log.signed, note: log.signed.note!.replace('\n700\n', '\n701\n') };
    expect(await fault(forged, undefined)).toBe('signature');
    expect(await fault(log.signed, { ...seenOf(log.signed), key: 'other' })).toBe('other-key');
    const longer = await logOf([...bodies, 'more']);
    expect(await fault(log.signed, seenOf(longer.signed))).toBe('rolled-back');
    expect(await fault((await logOf([])).signed, seenOf(log.signed))).toBe('rolled-back');
    const otherwise = await logOf([...bodies.with(3, 'another'), 'more']);
    expect(await fault(otherwise.signed, seenOf(log.signed), otherwise.read)).toBe('rewritten');
  });
});
