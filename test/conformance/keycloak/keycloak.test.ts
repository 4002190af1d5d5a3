import { CookieJar, type MadeProject, makeProject, startTestServer, type TestServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessSuite } from '../identity/access-suite.ts';
import { authenticationSuite, type Harness, type Someone } from '../identity/authentication-suite.ts';
import { type Keycloak, keycloakMissing, startKeycloak } from './keycloak.ts';
import { startVisaBroker, type VisaBroker } from './visa-broker.ts';

needs(keycloakMissing);

const password = 'granite teapot lantern';
const groups = {
  it: 'administrator',
  'upper-curators': 'data-curator@prostate/upper',
};

let keycloak: Keycloak;
let broker: VisaBroker;
let server: TestServer;
let project: MadeProject;
let made = 0;

beforeAll(async () => {
  if (keycloakMissing !== undefined) return;
  keycloak = await startKeycloak();
  broker = await startVisaBroker();
  server = await startTestServer({
    ISOCENTER_VISA_BROKERS: broker.issuer,
    OIDC_ISSUER: keycloak.issuer,
    OIDC_CLIENT_ID: 'isocenter',
    OIDC_CLIENT_SECRET: 'a-synthetic-secret-of-a-test-realm',
    OIDC_CLI_CLIENT_ID: 'isocenter-cli',
    OIDC_ROLE_MAP: Object.entries(groups)
      .map(([group, role]) => `${group}=${role}`)
      .join(','),
  });
  project = await makeProject(server.database, 'prostate', ['upper', 'lower']);
  const [client] = (await keycloak.admin('/clients?clientId=isocenter')) as [{ id: string; attributes: object }];
  const attributes = { ...client.attributes, 'backchannel.logout.url': `${server.url}/api/session/backchannel-logout` };
  await keycloak.admin(`/clients/${client.id}`, { method: 'PUT', body: { ...client, attributes } });
}, 600_000);
afterAll(async () => {
  await server?.stop();
  await keycloak?.stop();
  broker?.stop();
});

/** The server as suites want it that are declared before it is there. */
const later: Omit<TestServer, 'stop'> = {
  get url() {
    return server.url;
  },
  get token() {
    return server.token;
  },
  get config() {
    return server.config;
  },
  get routes() {
    return server.routes;
  },
  get database() {
    return server.database;
  },
  fetch: (path, init) => server.fetch(path, init),
};

/** Each browser of ours has one for Keycloak. */
const theirs = new WeakMap<CookieJar, CookieJar>();
function theirJar(jar: CookieJar): CookieJar {
  const known = theirs.get(jar) ?? new CookieJar(new URL(keycloak.issuer).origin);
  theirs.set(jar, known);
  return known;
}

const usernameOf = ({ email }: Pick<Someone, 'email'>): string => email.split('@')[0] ?? '';

async function someone(name: string, of: readonly string[] = ['it']): Promise<Someone & { id: string }> {
  const username = `${name}.${++made}`;
  const id = await keycloak.addUser({ username, password, name: username, groups: of });
  return { id, name: `${username} Example`, email: `${username}@example.org`, password };
}

const authenticate = (jar: CookieJar, authorization: string, who: Pick<Someone, 'email' | 'password'>): Promise<URL> =>
  keycloak.authenticate(authorization, { username: usernameOf(who), password: who.password }, theirJar(jar));

/** Answers where the browser ends. */
async function signIn(jar: CookieJar, who: Pick<Someone, 'email' | 'password'>): Promise<URL> {
  const start = await jar.fetch('/api/session/start');
  const callback = await authenticate(jar, start.headers.get('location') ?? '', who);
  return (await jar.follow(callback.href)).at;
}

const tokensOf = (who: Someone, client = 'isocenter-cli') =>
  keycloak.tokens(client, { username: usernameOf(who), password: who.password });

const harness: Harness = {
  server: later,
  someone,
  authenticate,
  accessToken: async (who) => (await tokensOf(who)).access_token,
  otherTokens: async (who) => ({
    'that is an ID token': (await tokensOf(who)).id_token,
    'that is for another audience': (await tokensOf(who, 'something-else')).access_token,
  }),
  rotateKeys: async () => {
    const config = { priority: ['200'], enabled: ['true'], active: ['true'], keySize: ['2048'], algorithm: ['RS256'] };
    const body = {
      name: `rotated ${++made}`,
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      config,
    };
    await keycloak.admin('/components', { method: 'POST', body });
  },
  signOutAt: async (jar, address) => {
    expect(new URL(address).origin).toBe(new URL(keycloak.issuer).origin);
    const { at } = await theirJar(jar).follow(address);
    expect(at.href).toBe(`${server.url}/`);
  },
};

authenticationSuite('Keycloak', () => harness);

describe('groups', () => {
  const meOf = async (jar: CookieJar) => (await jar.fetch('/api/me')).json() as Promise<Record<string, unknown>>;

  test('[IAM-1] stand for roles on the node and in projects, and for nothing where they are not mapped', async () => {
    const chief = new CookieJar(server.url);
    await signIn(chief, await someone('chief', ['it', 'choir']));
    expect(await meOf(chief)).toMatchObject({ roles: ['administrator'] });
    const curator = new CookieJar(server.url);
    await signIn(curator, await someone('curator', ['upper-curators']));
    expect(await meOf(curator)).toMatchObject({
      roles: ['data-curator'],
      zones: ['landing', 'staging'],
      projects: [{ id: project.id, roles: [{ role: 'data-curator', site: project.sites.upper }] }],
    });
  });

  test('[IAM-1] that are named no more take their roles along, at the next sign-in or token', async () => {
    const who = await someone('moves', ['it', 'upper-curators']);
    const jar = new CookieJar(server.url);
    await signIn(jar, who);
    expect(await meOf(jar)).toMatchObject({ roles: ['administrator', 'data-curator'] });
    const all = (await keycloak.admin('/groups')) as { id: string; name: string }[];
    const { id } = all.find(({ name }) => name === 'it')!;
    await keycloak.admin(`/users/${who.id}/groups/${id}`, { method: 'DELETE' });
    const { access_token } = await tokensOf(who);
    const bearer = await fetch(new URL('/api/people', server.url), {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(bearer.status).toBe(403);
    await expect.poll(async () => (await meOf(jar)).roles).toEqual(['data-curator']);
  });

  test('[IAM-3] whoever has none of them waits for an administrator', async () => {
    const who = await someone('newcomer', ['choir']);
    const jar = new CookieJar(server.url);
    expect((await signIn(jar, who)).search).toBe('?problem=account-waiting');
    expect((await jar.fetch('/api/me')).status).toBe(401);
    const waiting = await (await server.fetch('/api/people?state=waiting')).json();
    expect(waiting).toMatchObject({ items: [{ name: who.name, email: who.email }] });
    expect((await signIn(jar, who)).search).toBe('?problem=account-waiting');
    expect((await (await server.fetch('/api/people?state=waiting')).json()) as object).toMatchObject({ total: 1 });
  });
});

test('[IAM-6] visas of a trusted broker that Keycloak passes on are grants, as long as it does', async () => {
  const dataset = 'https://repository.example.org/datasets/17';
  const who = await someone('granted');
  const grantsOf = async (): Promise<unknown> => {
    const jar = new CookieJar(server.url);
    await signIn(jar, who);
    return ((await (await jar.fetch('/api/me')).json()) as { grants: unknown }).grants;
  };
  expect(await grantsOf()).toEqual([]);
  const until = Math.floor(Date.now() / 1000) + 3600;
  const [client] = (await keycloak.admin('/clients?clientId=isocenter')) as [{ id: string }];
  const mapper = {
    name: 'passport',
    protocol: 'openid-connect',
    protocolMapper: 'oidc-hardcoded-claim-mapper',
    config: {
      'claim.name': 'ga4gh_passport_v1',
      'claim.value': JSON.stringify([await broker.visa(dataset, until)]),
      'jsonType.label': 'JSON',
      // A passport is large: providers give it to who asks for it.
      'userinfo.token.claim': 'true',
      'id.token.claim': 'false',
      'access.token.claim': 'false',
    },
  };
  const path = `/clients/${client.id}/protocol-mappers/models`;
  const { location } = (await keycloak.admin(path, { method: 'POST', body: mapper })) as { location: string };
  expect(await grantsOf()).toEqual([{ dataset, until: new Date(until * 1000).toISOString() }]);
  await keycloak.admin(`${path}/${location.split('/').at(-1)}`, { method: 'DELETE' });
  expect(await grantsOf()).toEqual([]);
});

test('[IAM-2] when someone is signed out at Keycloak, their sessions here end (back-channel logout)', async () => {
  const who = await someone('kicked');
  const [one, two] = [new CookieJar(server.url), new CookieJar(server.url)];
  for (const jar of [one, two]) await signIn(jar, who);
  const bystander = new CookieJar(server.url);
  await signIn(bystander, await someone('bystander'));
  await keycloak.admin(`/users/${who.id}/logout`, { method: 'POST' });
  for (const jar of [one, two])
    await expect.poll(async () => (await jar.fetch('/api/me')).status, { timeout: 20_000 }).toBe(401);
  expect((await bystander.fetch('/api/me')).status).toBe(200);
});

test('[IAM-2] an access token works until it expires', async () => {
  const who = await someone('short');
  const realm = (await keycloak.admin('')) as object;
  await keycloak.admin('', { method: 'PUT', body: { ...realm, accessTokenLifespan: 3 } });
  try {
    const { access_token } = await tokensOf(who);
    const status = async () =>
      (await fetch(new URL('/api/me', server.url), { headers: { authorization: `Bearer ${access_token}` } })).status;
    expect(await status()).toBe(200);
    // 10 seconds of difference between clocks are allowed.
    await expect.poll(status, { timeout: 30_000, interval: 500 }).toBe(401);
  } finally {
    await keycloak.admin('', { method: 'PUT', body: realm });
  }
});

accessSuite({
  server: later,
  provider: 'external',
  signIn: async (jar, { id, email }) => {
    const username = usernameOf({ email });
    const known = (await keycloak.admin(`/users?exact=true&username=${username}`)) as { id: string }[];
    const subject = known[0]?.id ?? (await keycloak.addUser({ username, password }));
    // As if they had been invited: the account is linked, the roles are those that were given to it here.
    await server.database.pool.query(
      'insert into external_identity (issuer, subject, person_id) values ($1, $2, $3) on conflict do nothing',
      [keycloak.issuer, subject, id],
    );
    await signIn(jar, { email, password });
  },
});
