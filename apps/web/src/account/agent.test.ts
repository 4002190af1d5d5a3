import { expect, test } from 'vitest';
import { describeAgent } from './agent.ts';

test('[IAM-2] sessions are told apart by what their browsers call themselves', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  expect(describeAgent(chrome)).toEqual({ browser: 'Chrome', system: 'Linux' });
  expect(describeAgent(`${chrome} Edg/140.0.0.0`)).toEqual({ browser: 'Edge', system: 'Linux' });
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
  expect(describeAgent(phone)).toEqual({ browser: 'Safari', system: 'iOS' });
  expect(describeAgent('Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0')).toEqual({
    browser: 'Firefox',
    system: 'Windows',
  });
  expect(describeAgent('curl/8.5.0')).toBeNull();
  expect(describeAgent('')).toBeNull();
});
