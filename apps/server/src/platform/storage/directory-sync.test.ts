import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DirectorySync } from './directory-sync.ts';
import { failureOf } from './test/content.ts';
import { temporaryFolder } from './test/subjects.ts';

describe('syncing a directory', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  test('[ARCH-3] who comes while one runs shares the next, which begins after it', async () => {
    const directories = new DirectorySync();
    const order: string[] = [];
    const first = directories.sync(folder.path);
    const later = Array.from({ length: 5 }, () => directories.sync(folder.path));
    expect(new Set(later).size).toBe(1);
    expect(later[0]).not.toBe(first);
    void first.then(() => order.push('first'));
    void later[0]?.then(() => order.push('later'));
    await Promise.all([first, ...later]);
    expect(order).toEqual(['first', 'later']);
  });

  test('[ARCH-3] one that failed is told to those who wait for it, and the next is a new try', async () => {
    const directories = new DirectorySync();
    await rm(folder.path, { recursive: true });
    const first = directories.sync(folder.path);
    const second = directories.sync(folder.path);
    await failureOf(first);
    await failureOf(second);
    await directories.sync('/');
  });
});
