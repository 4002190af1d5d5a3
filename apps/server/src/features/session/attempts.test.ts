import { expect, test } from 'vitest';
import type { Problem } from '../../platform/http/index.ts';
import { Attempts } from './attempts.ts';

const clock = () => {
  let ms = 1000;
  return { now: () => ms, pass: (seconds: number) => (ms += seconds * 1000) };
};

/** The seconds that an address has to wait. */
function waitOf(attempts: Attempts, address: string): number {
  try {
    attempts.demand(address);
    return 0;
  } catch (error) {
    const { params, headers } = error as Problem<'too-many-attempts'>;
    expect(headers['retry-after']).toBe(String(params.retryAfterSeconds));
    return params.retryAfterSeconds;
  }
}

test('[OPS-6] after five failures an address waits, twice as long each time, at most a minute', () => {
  const { now, pass } = clock();
  const attempts = new Attempts(now);
  const waits = Array.from({ length: 13 }, () => {
    attempts.failed('192.0.2.7');
    const wait = waitOf(attempts, '192.0.2.7');
    pass(wait);
    expect(waitOf(attempts, '192.0.2.7')).toBe(0);
    return wait;
  });
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(waitOf(attempts, '192.0.2.8')).toBe(0);
});

test('[OPS-6] the right token, or a quarter of an hour, makes an address new', () => {
  const { now, pass } = clock();
  const attempts = new Attempts(now);
  const failTimes = (count: number) => {
    for (let at = 0; at < count; at++) attempts.failed('192.0.2.7');
  };
  failTimes(6);
  attempts.succeeded('192.0.2.7');
  expect(waitOf(attempts, '192.0.2.7')).toBe(0);
  failTimes(6);
  expect(waitOf(attempts, '192.0.2.7')).toBe(2);
  pass(16 * 60);
  failTimes(4);
  expect(waitOf(attempts, '192.0.2.7')).toBe(0);
});

test('[OPS-6] the addresses of one IPv6 subscriber count as one', () => {
  const attempts = new Attempts(clock().now);
  for (let at = 0; at < 5; at++) attempts.failed(`2001:db8:1:2::${at}`);
  expect(waitOf(attempts, '2001:db8:1:2:a:b:c:d')).toBe(1);
  expect(waitOf(attempts, '2001:db8:1:3::1')).toBe(0);
  for (let at = 0; at < 5; at++) attempts.failed('::1');
  expect(waitOf(attempts, '::1')).toBe(1);
  expect(waitOf(attempts, '::ffff:192.0.2.1')).toBe(0);
});
