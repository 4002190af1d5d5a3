import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { CookieJar, type MadePerson, makePerson, testServer } from '@isocenter/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken, listTokens, revokeToken } from '../token/command.ts';
import { login, logout } from './command.ts';
import { tokenSource } from './credentials.ts';

const server = testServer();
const folder = mkdtempSync(join(tmpdir(), 'isocenter-login-'));
const env = { XDG_CONFIG_HOME: folder };
const file = join(folder, 'isocenter', 'logins.json');
const password = 'granite teapot lantern';
let ada: MadePerson;

beforeAll(async () => {
  ada = await makePerson(server.database, { name: 'Ada Example', password, nodeRoles: ['auditor'] });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Keeps what is written. */
function streams() {
  const text = { out: '', err: '' };
  const to = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        text[name] += String(chunk);
        done();
      },
    });
  return { text, out: to('out'), err: to('err') };
}

interface DeviceState {
  readonly xsrf: string;
  readonly confirm: { readonly client: string; readonly code: string } | null;
  readonly problem: string | null;
}

/** Does what the page of the device flow does: types the code, confirms it, signs in. */
async function approve(code: string): Promise<string> {
  const jar = new CookieJar(server.url);
  const headers = { accept: 'application/json' };
  const begun = (await (await jar.fetch('/oidc/device', { headers })).json()) as DeviceState;
  const form = (fields: Record<string, string>) => ({ method: 'POST', headers, body: new URLSearchParams(fields) });
  const wrong = await jar.fetch('/oidc/device', form({ xsrf: begun.xsrf, user_code: 'BBBB-BBBB' }));
  expect(((await wrong.json()) as DeviceState).problem).toBe('NotFoundError');
  const again = (await (await jar.fetch('/oidc/device', { headers })).json()) as DeviceState;
  const typed = (await (
    await jar.fetch('/oidc/device', form({ xsrf: again.xsrf, user_code: code }))
  ).json()) as DeviceState;
  expect(typed.confirm).toEqual({ client: 'The command line (isocenter login)', code });
  const confirmed = await jar.fetch('/oidc/device', form({ xsrf: typed.xsrf, user_code: code, confirm: 'yes' }));
  const interaction = confirmed.headers.get('location') ?? '';
  const answer = await jar.post(`${interaction}/sign-in`, { email: ada.email, password });
  const { continue: next } = (await answer.json()) as { continue: string };
  return (await jar.follow(next)).at.pathname;
}

async function signedIn(): Promise<void> {
  const to = streams();
  const running = login(server.url, env, to);
  await expect.poll(() => to.text.err, { timeout: 20_000 }).toMatch(/[A-Z]{4}-[A-Z]{4}/);
  const [code = ''] = /[A-Z]{4}-[A-Z]{4}/.exec(to.text.err) ?? [];
  expect(await approve(code)).toBe('/device');
  expect([await running, to.text.out]).toEqual([0, `You are signed in at ${server.url} as Ada Example.\n`]);
}

test('[IAM-2] isocenter login signs in by a code that is typed in a browser; what it keeps is its owner’s only', async () => {
  await signedIn();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const token = await tokenSource(server.url, undefined, env)();
  const me = await fetch(new URL('/api/me', server.url), { headers: { authorization: `Bearer ${token}` } });
  expect(await me.json()).toMatchObject({ id: ada.id, roles: ['auditor'] });
});

test('[IAM-2] a login is renewed before its token ends, once for all who ask', async () => {
  await signedIn();
  const saved = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { accessToken: string; expiresAt: number }>;
  const before = saved[server.url]!.accessToken;
  const { writeFileSync } = await import('node:fs');
  writeFileSync(file, JSON.stringify({ [server.url]: { ...saved[server.url], expiresAt: Date.now() } }));
  const source = tokenSource(server.url, undefined, env);
  const tokens = await Promise.all([source(), source(), source()]);
  expect(new Set(tokens).size).toBe(1);
  expect(tokens[0]).not.toBe(before);
});

test('[IAM-2] isocenter token makes, lists and revokes access tokens as whoever is signed in', async () => {
  await signedIn();
  const made = streams();
  const wanted = { name: 'nightly', scopes: ['archive:read' as const], days: 30 };
  expect(await createToken(wanted, { url: server.url }, env, made)).toBe(0);
  expect(made.text.out).toMatch(/^isct_[\w-]{43}\n$/);
  const listed = streams();
  expect(await listTokens({ url: server.url }, env, listed)).toBe(0);
  const line = listed.text.out.split('\n').find((each) => each.endsWith('nightly')) ?? '';
  expect(line).toContain('archive:read');
  expect(listed.text.out).not.toContain(made.text.out.trim());
  const revoked = streams();
  expect(await revokeToken(line.split(' ')[0]!, { url: server.url }, env, revoked)).toBe(0);
  expect(await revokeToken('x', { url: server.url }, env, revoked)).toBe(1);
  const use = () =>
    fetch(new URL('/api/me', server.url), { headers: { authorization: `Bearer ${made.text.out.trim()}` } });
  await expect.poll(async () => (await use()).status).toBe(401);
});

test('[IAM-2] isocenter logout ends the login here and at the provider', async () => {
  await signedIn();
  const { [server.url]: saved } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { refreshToken: string }>;
  expect(await logout(server.url, env, streams())).toBe(0);
  expect(readFileSync(file, 'utf8')).not.toContain(saved!.refreshToken);
  const again = await fetch(new URL('/oidc/token', server.url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: saved!.refreshToken,
      client_id: 'isocenter-cli',
    }),
  });
  expect(await again.json()).toMatchObject({ error: 'invalid_grant' });
  expect(await logout(server.url, env, streams())).toBe(1);
  const nobody = streams();
  expect(await listTokens({ url: server.url }, { ...env, ISOCENTER_DATA: folder }, nobody)).toBe(1);
  expect(nobody.text.err).toContain('isocenter login');
});
