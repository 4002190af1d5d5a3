import { expect, test } from 'vitest';
import { CheckFailed, createHealth } from './index.ts';

const well = { name: 'well', check: async () => 'all fine' };

test('[OPS-4] the server is ready when every check is well', async () => {
  const health = createHealth([well]);
  expect(await health.readiness()).toMatchObject({
    ready: true,
    checks: [{ name: 'well', ok: true, detail: 'all fine' }],
  });
});

test('[OPS-6] a check that fails says why in words that anyone may read, and no others', async () => {
  const health = createHealth([well]);
  health.add({ name: 'known', check: () => Promise.reject(new CheckFailed('The bucket is gone')) });
  health.add({
    name: 'unknown',
    check: () => {
      throw new Error('password authentication failed for user "x"');
    },
  });
  const { ready, checks } = await health.readiness();
  expect(ready).toBe(false);
  expect(checks).toMatchObject([
    { name: 'well', ok: true },
    { name: 'known', ok: false, detail: 'The bucket is gone' },
    { name: 'unknown', ok: false, detail: 'It failed; see the log' },
  ]);
});

test('[OPS-4] a check that does not answer has failed, and the others are not kept waiting for ever', async () => {
  const health = createHealth([well, { name: 'stuck', check: () => new Promise<undefined>(() => {}) }]);
  const { ready, checks } = await health.readiness();
  expect(ready).toBe(false);
  expect(checks[1]).toMatchObject({ name: 'stuck', ok: false, detail: 'No answer within 3 s' });
});

test('[OPS-6] however many ask at once, the checks run once', async () => {
  let runs = 0;
  const health = createHealth([
    {
      name: 'counted',
      check: async () => {
        runs += 1;
        return undefined;
      },
    },
  ]);
  await Promise.all(Array.from({ length: 100 }, () => health.readiness()));
  expect(runs).toBe(1);
});
