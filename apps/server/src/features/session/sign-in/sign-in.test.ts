import { beginSignIn, CookieJar, type MadePerson, makePerson, signInAs, testServer } from '@isocenter/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { safeReturnTo } from './return-to.ts';

const server = testServer();
const password = 'granite teapot lantern';
let ada: MadePerson;

beforeAll(async () => {
  ada = await makePerson(server.database, { name: 'Ada Example', password, nodeRoles: ['auditor'] });
});

const jarOf = (): CookieJar => new CookieJar(server.url);

/** A sign-in whose answer of the provider has not been followed yet. */
async function answered(jar: CookieJar): Promise<URL> {
  const interaction = await beginSignIn(jar);
  const answer = await jar.post(`${interaction}/sign-in`, { email: ada.email, password });
  const next = ((await answer.json()) as { continue: string }).continue;
  const callback = await jar.fetch(next);
  return new URL(callback.headers.get('location') ?? '', server.url);
}

const problemIn = async (jar: CookieJar, path: string): Promise<string | null> =>
  (await jar.follow(path)).at.searchParams.get('problem');

test('[IAM-1, IAM-2] a browser signs in with the embedded provider and comes back to where it wanted to go', async () => {
  const jar = jarOf();
  const at = await signInAs(jar, { email: ada.email.toUpperCase(), password }, '/studies?modality=CT');
  expect(at.pathname + at.search).toBe('/studies?modality=CT');
  const me = await (await jar.fetch('/api/me')).json();
  expect(me).toMatchObject({ id: ada.id, name: 'Ada Example', kind: 'person', roles: ['auditor'] });
});

test('[IAM-3] administrators see when someone last signed in, and the organisation that was chosen for them', async () => {
  const { database } = server;
  const cleo = await makePerson(database, { name: 'Cleo Example', password });
  const see = async () => (await server.fetch(`/api/people/${cleo.id}`)).json();
  expect(await see()).toMatchObject({ lastSignedInAt: null, organisationName: '' });
  const before = Date.now();
  await signInAs(jarOf(), { email: cleo.email, password });
  const json = (method: string, path: string, body: unknown) =>
    server.fetch(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const { id } = (await (await json('POST', '/api/organisations', { name: 'Example Hospital' })).json()) as {
    id: string;
  };
  await json('PATCH', `/api/people/${cleo.id}`, { organisationId: id });
  const seen = (await see()) as { lastSignedInAt: string };
  expect(seen).toMatchObject({ organisationName: 'Example Hospital' });
  expect(Math.abs(Date.parse(seen.lastSignedInAt) - before)).toBeLessThan(60_000);
  const { items } = (await (await server.fetch('/api/people?q=cleo')).json()) as { items: unknown[] };
  expect(items).toMatchObject([{ lastSignedInAt: seen.lastSignedInAt, organisationName: 'Example Hospital' }]);
});

test('[IAM-2] the request to the provider has PKCE, state and nonce, and no secret', async () => {
  const answer = await jarOf().fetch('/api/session/start');
  const to = new URL(answer.headers.get('location') ?? '');
  expect(Object.fromEntries(to.searchParams)).toEqual({
    client_id: 'isocenter',
    response_type: 'code',
    redirect_uri: `${server.url}/api/session/callback`,
    scope: 'openid profile email',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
  expect(answer.headers.getSetCookie()[0]).toMatch(/^isocenter_sign_in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; /);
});

describe('the provider’s answer', () => {
  test('[IAM-2] works once (replayed code)', async () => {
    const jar = jarOf();
    const callback = await answered(jar);
    const cookie = `isocenter_sign_in=${jar.get('isocenter_sign_in')}`;
    expect((await jar.follow(callback.href)).at.pathname).toBe('/');
    expect(await problemIn(jar, callback.href)).toBe('sign-in-expired');
    // Even for who has kept the cookie of the sign-in.
    const again = await fetch(callback, { headers: { cookie }, redirect: 'manual' });
    expect(again.headers.get('location')).toBe('/sign-in?problem=sign-in-expired');
    expect(again.headers.getSetCookie().join()).not.toContain('isocenter_session=');
  });

  test('[IAM-2] can’t be used in another browser, nor in another sign-in of the same one (CSRF)', async () => {
    const callback = await answered(jarOf());
    expect(await problemIn(jarOf(), callback.href)).toBe('sign-in-expired');
    const victim = jarOf();
    await beginSignIn(victim);
    expect(await problemIn(victim, callback.href)).toBe('sign-in-failed');
    expect((await victim.fetch('/api/me')).status).toBe(401);
  });

  test('[IAM-2] is refused with another state, issuer or code', async () => {
    for (const [name, value] of [
      ['state', 'x'.repeat(43)],
      ['iss', 'https://evil.example'],
      ['code', 'x'.repeat(43)],
    ] as const) {
      const jar = jarOf();
      const callback = await answered(jar);
      callback.searchParams.set(name, value);
      expect([name, await problemIn(jar, callback.href)]).toEqual([name, 'sign-in-failed']);
      expect((await jar.fetch('/api/me')).status).toBe(401);
    }
  });

  test('[IAM-2] the provider redeems a code once, and only with the verifier that belongs to it', async () => {
    const code = (await answered(jarOf())).searchParams.get('code')!;
    const { value: secret } = (
      await server.database.pool.query<{ value: string }>("select value from shared_secret where name = 'oidc client'")
    ).rows[0]!;
    const redeem = (verifier: string) =>
      fetch(new URL('/oidc/token', server.url), {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`isocenter:${secret}`).toString('base64')}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: `${server.url}/api/session/callback`,
          code_verifier: verifier,
        }),
      });
    const answer = await redeem('y'.repeat(43));
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  });
});

test('[IAM-2] after signing in one stays here (open redirect)', async () => {
  const away = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/%0d%0aSet-Cookie:%20a=b/..//evil.example',
    'javascript:alert(1)',
    'studies',
    '/x\r\nSet-Cookie: a=b',
    '/..//evil.example',
    `/${'x'.repeat(3000)}`,
  ];
  for (const path of away) expect([path, safeReturnTo(path).startsWith('//')]).toEqual([path, false]);
  for (const path of away.filter((each) => !each.includes('%0d')))
    expect([path, safeReturnTo(path)]).toEqual([path, '/']);
  expect(safeReturnTo('/studies?a=%2F%2Fevil.example#x')).toBe('/studies?a=%2F%2Fevil.example#x');
  for (const path of ['https://evil.example/', '//evil.example']) {
    const at = await signInAs(jarOf(), { email: ada.email, password }, path);
    expect(at.href).toBe(`${server.url}/`);
  }
  // The provider hands codes to our own address only.
  for (const redirect of [
    'https://evil.example/cb',
    `${server.url}/api/session/callback.evil`,
    `${server.url}@evil.example`,
  ]) {
    const query = new URLSearchParams({
      client_id: 'isocenter',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: redirect,
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    });
    const answer = await fetch(new URL(`/oidc/auth?${query}`, server.url), { redirect: 'manual' });
    expect([redirect, answer.status, answer.headers.get('location')]).toEqual([redirect, 400, null]);
  }
});

test('[IAM-2] a host that someone else chose is in no answer (header injection)', async () => {
  const evil = async (path: string, headers: Record<string, string>) => {
    const { request } = await import('node:http');
    const { hostname, port } = new URL(server.url);
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      request({ hostname, port, path, headers }, (answer) => {
        let text = JSON.stringify(answer.headers);
        answer
          .on('data', (chunk) => (text += chunk))
          .on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      })
        .on('error', reject)
        .end();
    });
  };
  for (const path of [
    '/api/session/start',
    '/oidc/.well-known/openid-configuration',
    '/oidc/auth?client_id=isocenter',
    '/api/sign-in',
  ]) {
    for (const headers of [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example', host: new URL(server.url).host },
    ]) {
      expect([path, (await evil(path, headers)).text.includes('evil.example')]).toEqual([path, false]);
    }
  }
  expect((await evil('/api/session/start', { host: 'evil.example' })).status).toBe(400);
});

test('[IAM-2] signing out ends the session here and at the provider', async () => {
  const jar = jarOf();
  await signInAs(jar, { email: ada.email, password });
  const { next } = (await (await jar.fetch('/api/session', { method: 'DELETE' })).json()) as { next: string };
  expect(new URL(next).pathname).toBe('/oidc/session/end');
  const page = await (await jar.fetch(next, { headers: { accept: 'text/html' } })).text();
  const [, xsrf = ''] = /name="xsrf" value="([\w-]+)"/.exec(page) ?? [];
  const done = await jar.fetch('/oidc/session/end/confirm', {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  });
  expect([done.status, done.headers.get('location')]).toEqual([303, `${server.url}/`]);
  expect((await jar.follow('/api/session/start')).at.pathname).toBe('/sign-in');
});

test('[IAM-2] the provider’s own session is short: a session that ended is not begun again without a password', async () => {
  const jar = jarOf();
  await signInAs(jar, { email: ada.email, password });
  await server.database.pool.query("update provider_record set expires_at = now() where kind = 'Session'");
  expect((await jar.follow('/api/session/start')).at.pathname).toBe('/sign-in');
  const { rows } = await server.database.pool.query(
    "select extract(epoch from max(expires_at - now()))::int <= 300 as short from provider_record where kind = 'Session'",
  );
  expect(rows).toEqual([{ short: true }]);
});

test('[IAM-1] what the provider remembers has no secret in it', async () => {
  const jar = jarOf();
  const callback = await answered(jar);
  const secrets = [callback.searchParams.get('code')!, jar.get('isocenter_provider')!];
  const { rows } = await server.database.pool.query("select *, encode(id_hash, 'escape') from provider_record");
  for (const secret of secrets) expect(JSON.stringify(rows)).not.toContain(secret);
});
