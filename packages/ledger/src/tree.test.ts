import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_ROOT, leafHash } from './hash.ts';
import { naivePath, naiveProof, naiveRoot } from './testing/naive-tree.ts';
import { TileShelf } from './testing/tile-shelf.ts';
import { edgeTiles, TILE_WIDTH } from './tile.ts';
import { proveConsistency, proveInclusion, rootOf } from './tree.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

/** Past the first tile of level 1 (256 x 256), so that every branch of the tiles is met. */
const many = 66_000;
const leaves = Array.from({ length: many }, (_, i) => leafHash(new TextEncoder().encode(`entry ${i}`)));
const shelf = new TileShelf();
await shelf.append(leaves);

const size = fc.oneof(
  fc.integer({ min: 1, max: 600 }),
  fc.constantFrom(255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, many),
);

describe('[TRACE-1.2] the tree of tiles', () => {
  test('has the root of the naive tree, in whatever batches it grew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), async (batches) => {
        const grown = new TileShelf();
        for (const batch of batches) {
          await grown.append(leaves.slice(grown.size, grown.size + batch));
          expect(grown.root).toEqual(naiveRoot(leaves.slice(0, grown.size)));
          expect(await rootOf(grown.size, grown.read)).toEqual(grown.root);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('has it past two levels of tiles, and every tile is as wide as the size says', async () => {
    expect(shelf.root).toEqual(naiveRoot(leaves));
    expect(edgeTiles(many)).toEqual([
      { level: 0, index: 257, width: many - 257 * TILE_WIDTH },
      { level: 1, index: 1, width: 1 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect([...shelf.tiles.keys()].length).toBe(258 + 2 + 1);
    expect(await rootOf(0, shelf.read)).toEqual(EMPTY_ROOT);
  });

  test('takes more leaves at once than a call takes arguments', async () => {
    const large = new TileShelf();
    await large.append(Array.from({ length: 150_000 }, (_, i) => leaves[i % many]!));
    const small = new TileShelf();
    for (let from = 0; from < 150_000; from += 50_000)
      await small.append(Array.from({ length: 50_000 }, (_, i) => leaves[(from + i) % many]!));
    expect(large.root).toEqual(small.root);
  });

  test('tells a tile that is missing or too short', async () => {
    await expect(rootOf(5, async () => [])).rejects.toThrow(/fewer hashes/);
    const short = new TileShelf();
    await short.append(leaves.slice(0, 5));
    short.tiles.set('0/0', short.tiles.get('0/0')!.subarray(0, 64));
    await expect(short.append(leaves.slice(5, 6))).rejects.toThrow(/too short/);
  });
});

describe('[TRACE-1.1] proofs', () => {
  test('of inclusion are those of the definition, and verify', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (n, pick) => {
        const index = pick % n;
        const some = leaves.slice(0, n);
        const proof = await proveInclusion(index, n, shelf.read);
        if (n <= 600) expect(proof).toEqual(naivePath(index, some));
        const root = await rootOf(n, shelf.read);
        expect(verifyInclusion({ index, size: n, leafHash: leaves[index]!, proof, root })).toBe(true);
      }),
    );
  });

  test('of consistency are those of the definition, and verify', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (to, pick) => {
        const from = 1 + (pick % to);
        const proof = await proveConsistency(from, to, shelf.read);
        if (to <= 600) expect(proof).toEqual(naiveProof(from, leaves.slice(0, to)));
        const [fromRoot, toRoot] = await Promise.all([rootOf(from, shelf.read), rootOf(to, shelf.read)]);
        expect(verifyConsistency({ from, fromRoot, to, toRoot, proof })).toBe(true);
      }),
    );
  });

  test('of inclusion do not verify when any bit, the index, the size or the length is another', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), fc.nat(), async (n, pick, place, bit) => {
        const index = pick % n;
        const proof = await proveInclusion(index, n, shelf.read);
        const claim = { index, size: n, leafHash: leaves[index]!, proof, root: await rootOf(n, shelf.read) };
        const hashes = [claim.leafHash, claim.root, ...proof];
        const flipped = hashes.map((hash, i) => (i === place % hashes.length ? flip(hash, bit) : hash));
        const [otherLeaf, otherRoot, ...otherProof] = flipped;
        expect(verifyInclusion({ ...claim, leafHash: otherLeaf!, root: otherRoot!, proof: otherProof })).toBe(false);
        expect(verifyInclusion({ ...claim, index: index + 1 })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, claim.root] })).toBe(false);
        if (proof.length > 0) expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
      }),
    );
  });

  test('of consistency do not verify when any bit, a size or the length is another', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), fc.nat(), async (to, pick, place, bit) => {
        const from = 1 + (pick % to);
        const proof = await proveConsistency(from, to, shelf.read);
        const [fromRoot, toRoot] = await Promise.all([rootOf(from, shelf.read), rootOf(to, shelf.read)]);
        const claim = { from, fromRoot, to, toRoot, proof };
        const hashes = [fromRoot, toRoot, ...proof];
        const flipped = hashes.map((hash, i) => (i === place % hashes.length ? flip(hash, bit) : hash));
        const [otherFrom, otherTo, ...otherProof] = flipped;
        expect(verifyConsistency({ ...claim, fromRoot: otherFrom!, toRoot: otherTo!, proof: otherProof })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...proof, toRoot] })).toBe(false);
        expect(verifyConsistency({ ...claim, from: from - 1 })).toBe(false);
        if (from < to) expect(verifyConsistency({ ...claim, from: from + 1 })).toBe(false);
      }),
    );
  });

  test('are not made of what cannot be', async () => {
    await expect(proveInclusion(5, 5, shelf.read)).rejects.toThrow(/no such leaf/);
    await expect(proveInclusion(-1, 5, shelf.read)).rejects.toThrow(/no such leaf/);
    await expect(proveConsistency(6, 5, shelf.read)).rejects.toThrow(/only grow/);
    expect(
      verifyInclusion({ index: 0, size: 1, leafHash: new Uint8Array(31), proof: [], root: new Uint8Array(31) }),
    ).toBe(false);
  });
});

function flip(hash: Uint8Array, bit: number): Uint8Array {
  const other = hash.slice();
  const at = (bit >> 3) % other.length;
  other[at] = other[at]! ^ (1 << (bit & 7));
  return other;
}
