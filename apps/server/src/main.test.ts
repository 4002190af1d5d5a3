import { startTestServer, testServer } from '@isocenter/testkit';
import { expect, test } from 'vitest';
import { startServer } from './main.ts';
import { silentLog } from './platform/log.ts';

const server = testServer();

test('[OPS-1] a started server answers where it says it does', async () => {
  const response = await server.fetch('/api/openapi.json');
  expect(response.status).toBe(200);
});

test('[OPS-1] a second server on the same data folder is refused, and told who holds it', async () => {
  const first = await startTestServer();
  try {
    const env = { ISOCENTER_DATA: first.config.dataDir, ISOCENTER_PORT: '0', DATABASE_URL: first.config.databaseUrl };
    await expect(startServer(env, { log: silentLog() })).rejects.toThrow(
      new RegExp(`Another Isocenter is using the data folder .*process ${process.pid}.*at ${first.url}`),
    );
  } finally {
    await first.stop();
  }
});

test('[OPS-1] a port in use is named, with what to do', async () => {
  const port = new URL(server.url).port;
  await expect(startTestServer({ ISOCENTER_PORT: port })).rejects.toThrow(
    `Another program uses port ${port} of 127.0.0.1. Stop it, or choose another port in ISOCENTER_PORT.`,
  );
});
