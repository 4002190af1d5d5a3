import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '@isocenter/testkit/needs';
import { realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import { describe, expect, test } from 'vitest';
import { fromBase64 } from './bytes.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

interface Vector {
  readonly desc: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}
interface InclusionVector extends Vector {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string | null;
  readonly leafHash: string;
}
interface ConsistencyVector extends Vector {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string | null;
  readonly root2: string | null;
}

describe('[TRACE-1.1] the vectors of transparency-dev/merkle', () => {
  needs(realFilesMissing);

  test('of inclusion', () => {
    const vectors = read<InclusionVector>('inclusion');
    expect(vectors.length).toBeGreaterThan(80);
    for (const [file, { leafIdx: index, treeSize: size, wantErr, ...texts }] of vectors) {
      const [leafHash, root] = [bytes(texts.leafHash), bytes(texts.root)];
      expect([file, verifyInclusion({ index, size, leafHash, root, proof: proofOf(texts) })]).toEqual([file, !wantErr]);
    }
  });

  test('of consistency', () => {
    const vectors = read<ConsistencyVector>('consistency');
    expect(vectors.length).toBeGreaterThan(80);
    for (const [file, { size1: from, size2: to, wantErr, ...texts }] of vectors) {
      const [fromRoot, toRoot] = [bytes(texts.root1), bytes(texts.root2)];
      const holds = verifyConsistency({ from, to, fromRoot, toRoot, proof: proofOf(texts) });
      expect([file, holds]).toEqual([file, !wantErr]);
    }
  });
});

const bytes = (text: string | null): Uint8Array => fromBase64(text ?? '');

const proofOf = ({ proof }: Pick<Vector, 'proof'>): Uint8Array[] => (proof ?? []).map(bytes);

function read<T>(kind: string): [string, T][] {
  const folder = join(realFilesFolder, 'merkle-vectors', kind);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as T]);
}
