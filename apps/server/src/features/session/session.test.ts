import { CookieJar, type MadePerson, makePerson, signInAs, testServer } from '@isocenter/testkit';
import { beforeAll, expect, test } from 'vitest';

const server = testServer({ ISOCENTER_TRUST_PROXY: '127.0.0.1', ISOCENTER_SESSION_IDLE_MINUTES: '30' });
const password = 'granite teapot lantern';
let ada: MadePerson;

beforeAll(async () => {
  ada = await makePerson(server.database, { name: 'Ada Example', password });
});

const from = (address: string) => ({ 'x-forwarded-for': address });
const send = (path: string, init: RequestInit = {}) => fetch(new URL(path, server.url), init);
const signIn = (token: string, headers: Record<string, string> = {}) =>
  send('/api/session', {
    method: 'POST',
    body: JSON.stringify({ token }),
    headers: { 'content-type': 'application/json', ...from('192.0.2.1'), ...headers },
  });
const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0] ?? '';
const pairOf = (answer: Response): string => cookieOf(answer).split(';')[0] ?? '';
const meWith = async (cookie: string) => (await send('/api/me', { headers: { cookie } })).status;

test('[OPS-6] a wrong token is refused, and guessing gets slow for that address only', async () => {
  const wrong = await signIn('wrong', from('192.0.2.9'));
  const text = await wrong.text();
  expect(JSON.parse(text)).toMatchObject({ status: 401, code: 'invalid-credentials' });
  expect(text).not.toContain('wrong');
  for (let at = 0; at < 4; at++) {
    const guess = await send('/api/me', { headers: { ...from('192.0.2.9'), authorization: 'Bearer guess' } });
    expect(guess.status).toBe(401);
    expect(guess.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  }
  const blocked = await signIn(server.token, from('192.0.2.9'));
  expect(await blocked.json()).toMatchObject({ status: 429, code: 'too-many-attempts' });
  expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await signIn(server.token, from('192.0.2.10'))).status).toBe(200);
});

test('[OPS-6] another site can neither sign someone in nor out', async () => {
  expect((await signIn(server.token, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const cookie = pairOf(await signIn(server.token));
  const end = (headers: Record<string, string>) =>
    send('/api/session', { method: 'DELETE', headers: { cookie, ...headers } });
  expect((await end({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await end({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await end({ origin: 'https://evil.example' })).status).toBe(403);
  expect(await meWith(cookie)).toBe(200);
  const ended = await end({ 'sec-fetch-site': 'same-origin' });
  expect(await ended.json()).toEqual({ next: null });
  expect(cookieOf(ended)).toContain('Max-Age=0');
  expect(await meWith(cookie)).toBe(401);
});

test('[IAM-2] the cookie is for this server alone, out of reach for scripts and other sites, and over TLS bound to it', async () => {
  expect(cookieOf(await signIn(server.token))).toMatch(
    /^isocenter_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
  );
  const secure = await signIn(server.token, { 'x-forwarded-proto': 'https' });
  expect(cookieOf(secure)).toMatch(/^__Host-isocenter_session=[\w-]{43}; Path=\/; HttpOnly; .*; Secure$/);
});

test('[IAM-2] a session ends with its time, and when it was idle for too long', async () => {
  const { pool } = server.database;
  for (const change of ["expires_at = now() - interval '1 second'", "last_seen_at = now() - interval '31 minutes'"]) {
    const cookie = pairOf(await signIn(server.token));
    await pool.query(`update session set ${change}`);
    expect([change, await meWith(cookie)]).toEqual([change, 401]);
  }
  const cookie = pairOf(await signIn(server.token));
  await pool.query("update session set last_seen_at = now() - interval '29 minutes'");
  expect(await meWith(cookie)).toBe(200);
  const { rows } = await pool.query(
    "select count(*)::int as seen from session where last_seen_at > now() - interval '1 minute'",
  );
  expect(rows).toEqual([{ seen: 1 }]);
});

test('[IAM-2] only the hash of a session’s key is kept', async () => {
  const [, key = ''] = pairOf(await signIn(server.token)).split('=');
  const { rows } = await server.database.pool.query("select *, encode(key_hash, 'hex') as hash from session");
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain(key);
});

test('[IAM-2] a session that someone planted is not taken over at sign-in (fixation)', async () => {
  const jar = new CookieJar(server.url);
  await signInAs(jar, { email: ada.email, password });
  const before = jar.get('isocenter_session')!;
  await jar.follow('/api/session/start');
  expect(jar.get('isocenter_session')).not.toBe(before);
  expect(await meWith(`isocenter_session=${before}`)).toBe(401);

  const victim = new CookieJar(server.url);
  const planted = 'A'.repeat(43);
  victim.set('isocenter_session', planted);
  await signInAs(victim, { email: ada.email, password });
  expect(victim.get('isocenter_session')).not.toBe(planted);
  expect(await meWith(`isocenter_session=${planted}`)).toBe(401);
});

test('[IAM-2] one sees where one is signed in, ends one session, or all of them', async () => {
  const [here, there] = [new CookieJar(server.url), new CookieJar(server.url)];
  for (const jar of [here, there]) await signInAs(jar, { email: ada.email, password });
  type Rows = { items: { id: string; current: boolean }[] };
  const list = async () => ((await (await here.fetch('/api/account/sessions')).json()) as Rows).items;
  const others = (await list()).filter(({ current }) => !current);
  expect((await list()).filter(({ current }) => current)).toHaveLength(1);
  for (const { id } of others) {
    expect((await here.fetch(`/api/account/sessions/${id}`, { method: 'DELETE' })).status).toBe(204);
  }
  await expect.poll(async () => (await there.fetch('/api/me')).status).toBe(401);
  expect((await here.fetch('/api/me')).status).toBe(200);

  await there.follow('/api/session/start');
  expect((await there.fetch('/api/me')).status).toBe(200);
  expect((await here.fetch('/api/account/sessions', { method: 'DELETE' })).status).toBe(204);
  for (const jar of [here, there]) await expect.poll(async () => (await jar.fetch('/api/me')).status).toBe(401);
  // The provider does not remember them either: it asks for the password again.
  const { at } = await here.follow('/api/session/start');
  expect(at.pathname).toBe('/sign-in');
});

test('[IAM-2] someone who is locked out is out at once', async () => {
  const eve = await makePerson(server.database, { name: 'Eve Example', password });
  const jar = new CookieJar(server.url);
  await signInAs(jar, { email: eve.email, password });
  expect((await jar.fetch('/api/me')).status).toBe(200);
  await server.database.pool.query("update person set state = 'locked' where id = $1", [eve.id]);
  await server.database.pool.query("select pg_notify('isocenter_rights', $1)", [eve.id]);
  await expect.poll(async () => (await jar.fetch('/api/me')).status).toBe(401);
});
