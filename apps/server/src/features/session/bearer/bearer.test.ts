import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { type MadePerson, makePerson, testServer } from '@isocenter/testkit';
import {
  exportSPKI,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';

const server = testServer();
let ada: MadePerson;
let key: JWK;

beforeAll(async () => {
  ada = await makePerson(server.database, { name: 'Ada Example', nodeRoles: ['auditor'] });
  // The provider makes its keys when it is first asked.
  expect((await fetch(new URL('/oidc/jwks', server.url))).status).toBe(200);
  const { rows } = await server.database.pool.query<{ private_jwk: JWK }>('select private_jwk from signing_key');
  key = rows[0]!.private_jwk;
});

const seconds = (): number => Math.floor(Date.now() / 1000);
const claims = (): JWTPayload => ({
  iss: `${server.url}/oidc`,
  aud: `${server.url}/api`,
  sub: ada.id,
  iat: seconds(),
  exp: seconds() + 600,
  jti: randomUUID(),
});

/** An access token as the provider makes them, but for what is changed. */
async function signed(
  change: { readonly [K in keyof JWTPayload]?: JWTPayload[K] | undefined } = {},
  header: Partial<JWTHeaderParameters> = {},
  by: JWK = key,
): Promise<string> {
  return new SignJWT({ ...claims(), ...change } as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid!, ...header })
    .sign(await importJWK(by, header.alg ?? 'ES256'));
}

const call = (token: string, path = '/api/me') =>
  fetch(new URL(path, server.url), { headers: { authorization: `Bearer ${token}` } });
const statusOf = async (token: string): Promise<number> => (await call(token)).status;

test('[IAM-2] a program is known by an access token of the provider', async () => {
  const answer = await call(await signed());
  expect(await answer.json()).toMatchObject({ id: ada.id, kind: 'person', roles: ['auditor'] });
  expect((await call(await signed({ scope: 'archive:read' }), '/api/people')).status).toBe(403);
  expect((await call(await signed({ scope: 'openid administration:read' }), '/api/people')).status).toBe(200);
  expect((await call(await signed(), '/api/account')).status).toBe(200);
});

describe('a token is refused', () => {
  const cases: Record<string, () => Promise<string> | string> = {
    'without signature (alg none)': () => new UnsecuredJWT(claims()).encode(),
    'that says none in another case': () => handMade({ alg: 'nOnE', typ: 'at+jwt' }, claims(), () => ''),
    'signed with our public key as a secret (HS/RS confusion)': async () => {
      const { d: _, ...publicPart } = key;
      const publicKey = await importJWK(publicPart, 'ES256');
      const pem = await exportSPKI(publicKey as CryptoKey);
      return handMade({ alg: 'HS256', typ: 'at+jwt', kid: key.kid }, claims(), (text) =>
        createHmac('sha256', pem).update(text).digest('base64url'),
      );
    },
    'signed with another key under our key’s name': () => {
      const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
      return signed({}, {}, other as JWK);
    },
    'that brings its own key (jwk)': async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const jwk = publicKey.export({ format: 'jwk' }) as JWK;
      return signed({}, { jwk, kid: undefined as never }, privateKey.export({ format: 'jwk' }) as JWK);
    },
    'that names where its key is (jku)': () => {
      const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as JWK;
      return signed({}, { jku: 'https://evil.example/jwks', kid: 'evil' }, other);
    },
    'with an extension that must be understood (crit)': async () => {
      const token = await signed();
      const [, payload] = token.split('.');
      return handMade({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, crit: ['x'], x: 1 }, payload!, () => 'AAAA');
    },
    'of another issuer': () => signed({ iss: 'https://evil.example/oidc' }),
    'for another audience': () => signed({ aud: 'https://other.example/api' }),
    'for the client and not for us (an ID token)': () => signed({ aud: 'isocenter', nonce: 'n' }, { typ: 'JWT' }),
    'that is an ID token although it names us': () => signed({ nonce: 'n', at_hash: 'h' }, { typ: 'JWT' }),
    'that is a logout token': () =>
      signed({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }, { typ: 'logout+jwt' }),
    'without type': () => signed({}, { typ: undefined as never }),
    'that has expired': () => signed({ iat: seconds() - 700, exp: seconds() - 100 }),
    'that is not valid yet': () => signed({ nbf: seconds() + 300 }),
    'without an end': () => signed({ exp: undefined }),
    'without a subject': () => signed({ sub: undefined }),
    'of someone who is not there': () => signed({ sub: randomUUID() }),
    'whose payload was changed': async () => {
      const [head, , signature] = (await signed()).split('.');
      const payload = Buffer.from(JSON.stringify({ ...claims(), sub: randomUUID() })).toString('base64url');
      return `${head}.${payload}.${signature}`;
    },
    'that is garbled': async () => (await signed()).slice(0, -4),
    'that is no JWT at all': () => 'aaa.bbb.ccc',
  };
  test.each(Object.entries(cases))('[IAM-2] %s', async (_name, make) => {
    const answer = await call(await make());
    const { code } = (await answer.json()) as { code: string };
    expect([answer.status, code]).toEqual(
      _name.includes('not there') ? [403, 'account-closed'] : [401, 'invalid-credentials'],
    );
  });
});

function handMade(header: object, payload: object | string, sign: (text: string) => string): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode(header)}.${typeof payload === 'string' ? payload : encode(payload)}`;
  return `${text}.${sign(text)}`;
}

test('[IAM-2] keys follow the issuer’s: a new one counts when it is published, an old one as long as it is', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const next = { ...(privateKey.export({ format: 'jwk' }) as JWK), kid: 'the-next', alg: 'ES256', use: 'sig' };
  expect(await statusOf(await signed({}, { kid: next.kid }, next))).toBe(401);
  const { pool } = server.database;
  await pool.query("insert into signing_key (id, purpose, private_jwk) values ('the-next', 'oidc', $1)", [next]);
  await pool.query("select pg_notify('isocenter_key', 'oidc')");
  await expect.poll(async () => statusOf(await signed({}, { kid: next.kid }, next)), { timeout: 10_000 }).toBe(200);
  expect(await statusOf(await signed())).toBe(200);
  const { keys } = (await (await fetch(new URL('/oidc/jwks', server.url))).json()) as { keys: JWK[] };
  expect(keys.map(({ kid }) => kid)).toEqual([key.kid, 'the-next']);
  expect(JSON.stringify(keys)).not.toContain('"d"');
});

describe('personal access tokens', () => {
  const api = (token: string, method: string, path = '', body?: unknown) =>
    fetch(new URL(`/api/tokens${path}`, server.url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  test('[IAM-2] are limited to scopes, expire, and show when they were used', async () => {
    const made = await api(ada.token, 'POST', '', { name: 'a script', scopes: ['archive:read'], days: 7 });
    const { token, id, expiresAt, ending } = (await made.json()) as Record<string, string>;
    expect(made.status).toBe(201);
    expect(token).toMatch(/^isct_[\w-]{43}$/);
    expect(token!.endsWith(ending!)).toBe(true);
    expect(Math.round((Date.parse(expiresAt!) - Date.now()) / 86_400_000)).toBe(7);
    expect((await call(token!, '/api/people')).status).toBe(403);
    expect((await call(token!, '/api/me')).status).toBe(200);
    const { items } = (await (await api(ada.token, 'GET')).json()) as {
      items: { id: string; lastUsedAt: string | null }[];
    };
    expect(items.find((each) => each.id === id)?.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(items)).not.toContain(token);

    await server.database.pool.query('update access_token set expires_at = now() where id = $1', [id]);
    await server.database.pool.query("select pg_notify('isocenter_rights', $1)", [ada.id]);
    await expect.poll(async () => statusOf(token!)).toBe(401);
  });

  test('[IAM-2] are kept as hashes only', async () => {
    const { rows } = await server.database.pool.query(
      "select *, encode(token_hash, 'escape') as text from access_token",
    );
    expect(JSON.stringify(rows)).not.toContain(ada.token);
    expect(JSON.stringify(rows)).not.toContain(ada.token.slice(5));
  });

  test('[IAM-2] are worthless once revoked, by their owner only', async () => {
    const eve = await makePerson(server.database, { name: 'Eve Example' });
    const { token, id } = (await (
      await api(ada.token, 'POST', '', { name: 'short', scopes: ['account'] })
    ).json()) as Record<string, string>;
    expect(await statusOf(token!)).toBe(200);
    expect((await api(eve.token, 'DELETE', `/${id}`)).status).toBe(404);
    expect((await api(ada.token, 'DELETE', `/${id}`)).status).toBe(204);
    await expect.poll(async () => statusOf(token!)).toBe(401);
  });

  test('[IAM-2] made with a token can do no more than it, and live no longer', async () => {
    const limited = await makePerson(server.database, { name: 'Limited', scopes: ['account', 'archive:read'] });
    expect((await api(limited.token, 'POST', '', { name: 'more', scopes: ['archive:write'] })).status).toBe(403);
    const made = await api(limited.token, 'POST', '', { name: 'less', scopes: ['archive:read'], days: 300 });
    const { expiresAt } = (await made.json()) as { expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(30 * 86_400_000);
    const reading = await makePerson(server.database, { name: 'Reading', scopes: ['archive:read'] });
    expect((await api(reading.token, 'POST', '', { name: 'more', scopes: ['archive:read'] })).status).toBe(403);
  });

  test('[IAM-2] the account itself is out of their reach', async () => {
    expect((await call(ada.token, '/api/account')).status).toBe(403);
    expect((await call(ada.token, '/api/account/sessions')).status).toBe(403);
  });
});

test('[IAM-2] a token in an address is no credential', async () => {
  for (const query of [`access_token=${ada.token}`, `token=${ada.token}`, `bearer=${server.token}`]) {
    expect((await fetch(new URL(`/api/me?${query}`, server.url))).status).toBe(401);
  }
});
