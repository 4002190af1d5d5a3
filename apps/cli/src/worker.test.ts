import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess } from '@isocenter/testkit';
import { afterAll, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const root = mkdtempSync(join(tmpdir(), 'isocenter-worker-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('[OPS-2] a worker joins the database of the server on its machine, and each ends without the other', async () => {
  const env = { ISOCENTER_DATA: join(root, 'data') };
  const server = await startServerProcess(env);
  const worker = await startServerProcess(env, { args: ['worker'] });
  expect(await worker.end('SIGTERM')).toEqual({ code: 0, signal: null });
  const another = await startServerProcess(env, { args: ['worker'] });
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(await another.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('[OPS-2] a worker without a server says what to do', async () => {
  await expect(startServerProcess({ ISOCENTER_DATA: join(root, 'nothing') }, { args: ['worker'] })).rejects.toThrow(
    /There is no embedded database in .*nothing.*Start the server first/,
  );
});
