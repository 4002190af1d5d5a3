import { CookieJar, makePerson, signInAs, testServer } from '@isocenter/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

const server = testServer();
const password = 'granite teapot lantern';

beforeEach(async () => {
  await server.database.pool.query('delete from failed_attempt');
});

const asNobody = async (path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
  const answer = await new CookieJar(server.url).post(path, body);
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
};

async function asAdministrator<T>(path: string, body: unknown = {}, method = 'POST'): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await server.fetch(path, { method, headers, body: JSON.stringify(body) });
  expect([path, answer.ok]).toEqual([path, true]);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

interface Known {
  readonly id: string;
  readonly state: string;
}

const find = async (q: string): Promise<Known[]> =>
  ((await (await server.fetch(`/api/people?q=${encodeURIComponent(q)}`)).json()) as { items: Known[] }).items;

const keyOf = (address: string): string => new URL(address).hash.slice(1);
const linkFor = async (id: string): Promise<string> =>
  keyOf((await asAdministrator<{ address: string }>(`/api/people/${id}/link`)).address);

const ask = (email: string, more: object = {}) =>
  asNobody('/api/registrations', {
    name: 'Ada Example',
    email,
    organisation: 'North',
    purpose: 'Research',
    password,
    ...more,
  });

/** The answer to a sign-in with a password. */
async function trySignIn(email: string, shown = password): Promise<string> {
  try {
    return (await signInAs(new CookieJar(server.url), { email, password: shown })).pathname;
  } catch (error) {
    return /by \d+ ([\w-]+)/.exec((error as Error).message)?.[1] ?? String(error);
  }
}

describe('asking for an account', () => {
  test('[IAM-3] one waits for an administrator, who is told, and comes in once approved', async () => {
    expect(await ask('ada@example.org')).toEqual({ status: 202, body: { next: 'approval' } });
    const [ada] = await find('ada@');
    expect(ada).toMatchObject({ state: 'waiting', purpose: 'Research', organisationName: 'North', nodeRoles: [] });
    expect(await trySignIn('ada@example.org')).toBe('account-waiting');
    const { items } = (await (await server.fetch('/api/notifications')).json()) as { items: object[] };
    expect(items).toContainEqual(
      expect.objectContaining({
        kind: 'person.waiting',
        text: 'Ada Example asks for an account',
        href: `/admin/people/${ada!.id}`,
      }),
    );
    expect(await asAdministrator(`/api/people/${ada!.id}/approve`)).toMatchObject({ state: 'active' });
    expect(await trySignIn('ada@example.org')).toBe('/');
  });

  test('[IAM-3] says nothing of who has an account already, and changes nothing of it', async () => {
    const known = await makePerson(server.database, { name: 'Known', password });
    const answers = [
      await ask('someone.new@example.org'),
      await ask(known.email, { password: 'velvet harbour compass' }),
    ];
    expect(answers[1]).toEqual(answers[0]);
    expect(await trySignIn(known.email)).toBe('/');
    expect(await find(known.email)).toHaveLength(1);
    const resets = [known.email, 'nobody@example.org'].map((email) => asNobody('/api/password-resets', { email }));
    const [one, other] = await Promise.all(resets);
    expect(one).toEqual(other);
    expect(one).toEqual({ status: 202, body: { next: 'administrator' } });
  });

  test('[IAM-1, IAM-3] wants a good password, and slows down who asks again and again', async () => {
    expect(await ask('weak@example.org', { password: 'password1234' })).toMatchObject({
      status: 400,
      body: { code: 'weak-password' },
    });
    expect(await ask('weak@example.org', { password: undefined })).toMatchObject({
      status: 400,
      body: { code: 'weak-password' },
    });
    expect(await ask('not an address')).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(await ask('x@example.org', { name: 'Ada\r\nBcc: all@example.org' })).toMatchObject({ status: 400 });
    const statuses = [];
    for (let at = 0; at < 6; at++) statuses.push((await ask('again@example.org')).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  });

  test('[IAM-3] who is refused or locked out stays out, until they are let in', async () => {
    await ask('eve@example.org', { name: 'Eve' });
    const [eve] = await find('eve@');
    const path = `/api/people/${eve!.id}`;
    expect(await asAdministrator(`${path}/refuse`)).toMatchObject({ state: 'refused' });
    expect(await trySignIn('eve@example.org')).toBe('account-closed');
    await asAdministrator(`${path}/approve`);
    const jar = new CookieJar(server.url);
    await signInAs(jar, { email: 'eve@example.org', password });
    expect(await asAdministrator(`${path}/lock`)).toMatchObject({ state: 'locked' });
    await expect.poll(async () => (await jar.fetch('/api/me')).status).toBe(401);
    expect(await trySignIn('eve@example.org')).toBe('account-closed');
    const again = await server.fetch(`${path}/lock`, { method: 'POST' });
    expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([409, 'conflict']);
  });

  test('[IAM-3] of two decisions at once, the second is told of the first', async () => {
    await ask('twice@example.org', { name: 'Twice' });
    const [twice] = await find('twice@');
    const approve = () =>
      server.fetch(`/api/people/${twice!.id}/approve`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
    const answers = await Promise.all([approve(), approve()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('[IAM-3] nobody locks themselves out', async () => {
    const admin = await makePerson(server.database, { name: 'Chief', nodeRoles: ['administrator'] });
    const answer = await fetch(new URL(`/api/people/${admin.id}/lock`, server.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}` },
    });
    expect(answer.status).toBe(409);
  });
});

describe('links', () => {
  interface Invited {
    readonly person: Known;
    readonly link: { readonly address: string; readonly mailed: boolean };
  }
  const invite = (name: string, more: object = {}) =>
    asAdministrator<Invited>('/api/invitations', { name, email: `${name.toLowerCase()}@example.org`, ...more });

  test('[IAM-3] an invitation is a link that works once and makes an account with the roles that were given', async () => {
    const { person, link } = await invite('Bea', { nodeRoles: ['auditor'] });
    expect(link).toMatchObject({ address: expect.stringMatching(/\/link#[\w-]{43}$/), mailed: false });
    const key = keyOf(link.address);
    expect(await asNobody('/api/links/look', { key })).toEqual({
      status: 200,
      body: { kind: 'invitation', name: 'Bea', email: 'bea@example.org', asks: 'password' },
    });
    expect(await asNobody('/api/links/use', { key, password: 'bea' })).toMatchObject({
      body: { code: 'weak-password' },
    });
    const uses = await Promise.all([1, 2].map(() => asNobody('/api/links/use', { key, name: 'Bea B.', password })));
    expect(uses.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(await find('bea@')).toMatchObject([
      { id: person.id, name: 'Bea B.', state: 'active', nodeRoles: ['auditor'] },
    ]);
    expect(await trySignIn('bea@example.org')).toBe('/');
  });

  test('[IAM-3] an invitation can’t take the e-mail address of someone else', async () => {
    const known = await makePerson(server.database, { name: 'Has It' });
    const { link } = await invite('Carla');
    const use = { key: keyOf(link.address), email: known.email, password };
    expect(await asNobody('/api/links/use', use)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    // Nothing was used up by it.
    expect(await asNobody('/api/links/use', { ...use, email: 'carla@example.org' })).toMatchObject({ status: 200 });
  });

  test('[IAM-3] a newer link replaces the older, and an expired one doesn’t work', async () => {
    const { person, link } = await invite('Dan');
    const newer = await linkFor(person.id);
    expect((await asNobody('/api/links/look', { key: keyOf(link.address) })).status).toBe(404);
    await server.database.pool.query('update link set expires_at = now() where person_id = $1', [person.id]);
    expect(await asNobody('/api/links/use', { key: newer, password })).toMatchObject({
      body: { code: 'link-unusable' },
    });
  });

  test('[IAM-1] a link for a new password ends every session, and lets in who had to wait for another’s guesses', async () => {
    const person = await makePerson(server.database, { name: 'Forgot', password });
    const jar = new CookieJar(server.url);
    await signInAs(jar, { email: person.email, password });
    for (let at = 0; at < 6; at++) await trySignIn(person.email, 'wrong');
    expect(await trySignIn(person.email)).toBe('too-many-attempts');
    const key = await linkFor(person.id);
    const next = 'velvet harbour compass';
    expect(await asNobody('/api/links/use', { key, password: next })).toEqual({
      status: 200,
      body: { next: 'sign-in', address: null },
    });
    await expect.poll(async () => (await jar.fetch('/api/me')).status).toBe(401);
    expect(await trySignIn(person.email)).toBe('wrong-password');
    expect(await trySignIn(person.email, next)).toBe('/');
  });

  test('[IAM-3] the secret of a link is kept as its hash, and guessing at one has to wait', async () => {
    const { link } = await invite('Hashed');
    const { rows } = await server.database.pool.query('select * from link');
    expect(JSON.stringify(rows)).not.toContain(keyOf(link.address));
    const statuses = new Set<number>();
    for (let at = 0; at < 25; at++)
      statuses.add((await asNobody('/api/links/look', { key: `${at}`.padStart(43, 'x') })).status);
    expect(statuses).toEqual(new Set([404, 429]));
  });
});

describe('the first administrator', () => {
  test('[IAM-3] makes their account by a link that works once and is made as long as there is none', async () => {
    const { pool } = server.database;
    await pool.query("update person set node_roles = '{}'");
    const { firstAdministratorLink } = await import('./index.ts');
    const addresses = { base: server.url };
    const old = keyOf((await firstAdministratorLink(server, addresses))!);
    const key = keyOf((await firstAdministratorLink(server, addresses))!);
    expect((await asNobody('/api/links/look', { key: old })).status).toBe(404);
    expect(await asNobody('/api/links/use', { key, password })).toMatchObject({ status: 409 });
    const who = { name: 'First', email: 'first@example.org', password };
    expect(await asNobody('/api/links/use', { key, ...who })).toMatchObject({ status: 200, body: { next: 'sign-in' } });
    expect((await asNobody('/api/links/use', { key, ...who })).status).toBe(404);
    const jar = new CookieJar(server.url);
    await signInAs(jar, who);
    expect(await (await jar.fetch('/api/me')).json()).toMatchObject({ name: 'First', roles: ['administrator'] });
    expect(await firstAdministratorLink(server, addresses)).toBeUndefined();
  });
});
