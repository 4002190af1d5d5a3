import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLog } from './log.ts';

/** What a log with our settings writes. */
function written(use: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const to = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  use(createLog({ logLevel: 'debug', logFormat: 'json' }, to));
  return text;
}

test('[OPS-4] the log is JSON lines with level and time', () => {
  expect(JSON.parse(written((log) => log.info({ requestId: 'r1' }, 'request')))).toMatchObject({
    level: 'info',
    requestId: 'r1',
    msg: 'request',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

test('[OPS-3] secrets and patient attributes are not written, wherever they hang', () => {
  const text = written((log) => {
    log.info({ token: 'hush', config: { databaseUrl: 'hush', s3: { credentials: { secretAccessKey: 'hush' } } } });
    log.info({ req: { headers: { authorization: 'Bearer hush', cookie: 'hush' } }, study: { patientName: 'hush' } });
  });
  expect(text).not.toContain('hush');
  expect(text).toContain('[redacted]');
});

test('[OPS-4] of an error, what PostgreSQL hangs on it is not written: it holds values of rows', () => {
  const error = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (patient_id)=(4711) already exists.',
  });
  const text = written((log) => log.error({ err: new Error('storing failed', { cause: error }) }, 'a request failed'));
  expect(text).not.toContain('4711');
  expect(text).toContain('23505');
});
