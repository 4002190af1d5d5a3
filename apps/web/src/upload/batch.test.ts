import { expect, test } from 'vitest';
import { batchLimits, takeBatch } from './batch.ts';
import type { UploadItem } from './item.ts';

function item(id: number, sopInstanceUid: string | null, size = 10, area: number | null = null): UploadItem {
  const file = new File([new Uint8Array(size)], `${id}.dcm`);
  return { id, path: file.name, file, area, state: 'waiting', sopInstanceUid, reason: null, attempts: 0 };
}

function batches(items: UploadItem[]): number[][] {
  const all: number[][] = [];
  for (let batch = takeBatch(items); batch.length > 0; batch = takeBatch(items)) all.push(batch.map(({ id }) => id));
  return all;
}

test('[UI-5] files go together until the number or the size is reached', () => {
  const many = Array.from({ length: 120 }, (_, id) => item(id, `1.${id}`));
  expect(batches(many).map((batch) => batch.length)).toEqual([50, 50, 20]);
  const large = [1, 2, 3].map((id) => item(id, `1.${id}`, batchLimits.bytes * 0.6));
  expect(batches(large)).toEqual([[1], [2], [3]]);
});

test('[UI-5] a file larger than a request should be still goes', () => {
  expect(batches([item(1, '1.1', batchLimits.bytes + 1), item(2, '1.2')])).toEqual([[1], [2]]);
});

test('[UI-5] what could not be told apart in the answer goes alone', () => {
  expect(batches([item(1, '1.1'), item(2, null), item(3, '1.3'), item(4, '1.3'), item(5, '1.5')])).toEqual([
    [1],
    [2],
    [3],
    [4, 5],
  ]);
});

test('[UI-5, IAM-8] what goes to another area goes by itself', () => {
  const items = [item(1, '1.1', 10, 1), item(2, '1.2', 10, 1), item(3, '1.3', 10, 2), item(4, '1.4', 10, 1)];
  expect(batches(items)).toEqual([[1, 2], [3], [4]]);
});
