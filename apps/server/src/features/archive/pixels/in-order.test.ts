import { expect, test } from 'vitest';
import { inOrder } from './in-order.ts';

test('[ARCH-6] results come in order, with no more under way than allowed', async () => {
  let running = 0;
  let most = 0;
  const make = async (i: number): Promise<number> => {
    most = Math.max(most, ++running);
    // The later ones are done first.
    for (let turns = 0; turns < 20 - i; turns++) await Promise.resolve();
    running--;
    return i;
  };
  const results: number[] = [];
  for await (const result of inOrder(10, 3, make)) results.push(result);
  expect(results).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(3);
});

test('[ARCH-6] a failure is given in its place; nothing after it is begun', async () => {
  const begun: number[] = [];
  const make = async (i: number): Promise<number> => {
    begun.push(i);
    if (i >= 2) throw new Error(`failed ${i}`);
    return i;
  };
  const results: number[] = [];
  await expect(async () => {
    for await (const result of inOrder(10, 2, make)) results.push(result);
  }).rejects.toThrow('failed 2');
  expect([results, begun]).toEqual([
    [0, 1],
    [0, 1, 2, 3],
  ]);
});
