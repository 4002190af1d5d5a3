import { CookieJar, makePerson, testServer } from '@isocenter/testkit';
import { authenticationSuite, type Harness, type Someone } from './authentication-suite.ts';

const server = testServer();
const password = 'granite teapot lantern';
let made = 0;

/** The path of an interaction, once the browser was led to it. */
async function enter(jar: CookieJar, interaction: string, { email, password: shown }: Someone): Promise<string> {
  const answer = await jar.post(`${interaction}/sign-in`, { email, password: shown });
  const body = (await answer.json()) as { continue?: string; code?: string };
  if (body.continue === undefined) throw new Error(`It was refused: ${body.code}`);
  return body.continue;
}

async function tokens(who: Someone): Promise<{ access_token: string; id_token: string }> {
  const form = (path: string, fields: Record<string, string>) =>
    fetch(new URL(path, server.url), { method: 'POST', body: new URLSearchParams(fields) });
  const begun = await form('/oidc/device/auth', { client_id: 'isocenter-cli', scope: 'openid archive:read account' });
  const device = (await begun.json()) as { device_code: string; user_code: string };
  const jar = new CookieJar(server.url);
  const headers = { accept: 'application/json' };
  const { xsrf } = (await (await jar.fetch('/oidc/device', { headers })).json()) as { xsrf: string };
  const confirm = { xsrf, user_code: device.user_code, confirm: 'yes' };
  const led = await jar.fetch('/oidc/device', { method: 'POST', body: new URLSearchParams(confirm) });
  await jar.follow(await enter(jar, led.headers.get('location') ?? '', who));
  const answer = await form('/oidc/token', {
    client_id: 'isocenter-cli',
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: device.device_code,
  });
  return (await answer.json()) as { access_token: string; id_token: string };
}

const harness: Harness = {
  server,
  someone: async (name) => {
    const { email } = await makePerson(server.database, { name: `${name} ${++made}`, password });
    return { name: `${name} ${made}`, email, password };
  },
  authenticate: async (jar, authorization, who) => {
    const led = new URL((await jar.fetch(authorization)).headers.get('location') ?? '', server.url);
    // It may know already who is there.
    if (led.pathname === '/api/session/callback') return led;
    const next = await enter(jar, led.pathname, who);
    return new URL((await jar.fetch(next)).headers.get('location') ?? '');
  },
  accessToken: async (who) => (await tokens(who)).access_token,
  otherTokens: async (who) => ({ 'that is an ID token': (await tokens(who)).id_token }),
  rotateKeys: async () => {
    const { pool } = server.database;
    // As if the job had added one an hour ago: from then on it signs.
    const { generateKeyPairSync, randomUUID } = await import('node:crypto');
    const kid = randomUUID();
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    await pool.query(
      "insert into signing_key (id, purpose, private_jwk, created_at) values ($1, 'oidc', $2, now() - interval '61 minutes')",
      [kid, { ...key, kid, alg: 'ES256', use: 'sig' }],
    );
    await pool.query("update signing_key set created_at = now() - interval '91 days' where id <> $1", [kid]);
    await pool.query("select pg_notify('isocenter_key', 'oidc')");
  },
  signOutAt: async (jar, address) => {
    const page = await (await jar.fetch(address, { headers: { accept: 'text/html' } })).text();
    const [, xsrf = ''] = /name="xsrf" value="([\w-]+)"/.exec(page) ?? [];
    const fields = new URLSearchParams({ xsrf, logout: 'yes' });
    await jar.fetch('/oidc/session/end/confirm', { method: 'POST', body: fields });
  },
};

authenticationSuite('the embedded provider', () => harness);
