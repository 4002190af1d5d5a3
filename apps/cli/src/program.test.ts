import { expect, test } from 'vitest';
import { runCommand } from './program.ts';
import { welcome } from './start.ts';

const running = (token: { token: string; file?: string; isNew: boolean }, administratorLink?: string) => ({
  url: 'http://127.0.0.1:8080',
  config: { dataDir: '/srv/isocenter' } as Parameters<typeof welcome>[0]['config'],
  token,
  administratorLink,
});
const made = { token: 'the-token', file: '/srv/isocenter/bootstrap-token', isNew: true };

test('[OPS-1] the first start shows a person how to sign in; later ones and files of output only where the token is', () => {
  expect(welcome(running(made), true)).toContain('Programs sign in with this token: the-token');
  for (const text of [welcome(running(made), false), welcome(running({ ...made, isNew: false }), true)]) {
    expect(text).not.toContain('the-token');
    expect(text).toContain('Programs sign in with the token in /srv/isocenter/bootstrap-token');
  }
  const configured = welcome(running({ token: 'the-token', isNew: false }), true);
  expect(configured).not.toContain('the-token');
  expect(configured).toContain('ISOCENTER_BOOTSTRAP_TOKEN');
});

test('[IAM-3] as long as there is no administrator, a person is shown where to make the first account', () => {
  const link = 'http://127.0.0.1:8080/link#the-key';
  expect(welcome(running(made, link), true)).toContain(link);
  expect(welcome(running(made, link), false)).not.toContain('the-key');
  expect(welcome(running(made), true)).not.toContain('/link#');
});

test('[OPS-1] a command line that is not understood ends with 2, help with 0', async () => {
  expect(await runCommand(['nonsense'], {})).toBe(2);
  expect(await runCommand(['send'], {})).toBe(2);
  expect(await runCommand(['send', '--jobs', 'many', 'x'], {})).toBe(2);
  expect(await runCommand(['--help'], {})).toBe(0);
  expect(await runCommand(['--version'], {})).toBe(0);
});
