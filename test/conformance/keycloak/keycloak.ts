import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CookieJar } from '@isocenter/testkit';
import { freePort } from '@isocenter/testkit/programs';

const VERSION = '26.7.3';
const REALM = 'hospital';
const ADMIN = { username: 'admin', password: 'a-synthetic-password' };

/** Where .ci/run puts the distribution. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'isocenter-ci');
const home = process.env.ISOCENTER_TEST_KEYCLOAK ?? join(cache, `keycloak-${VERSION}`);

/** Why there is none; undefined when there is. */
export const keycloakMissing: string | undefined = spawnSync('java', ['-version'], { stdio: 'ignore' }).error
  ? 'Java is not installed'
  : existsSync(join(home, 'bin', 'kc.sh'))
    ? undefined
    : `Keycloak ${VERSION} is not there (.ci/run fetches it)`;

export interface User {
  readonly username: string;
  readonly password: string;
  readonly name?: string;
  readonly groups?: readonly string[];
}

/** A real Keycloak in memory, with the realm beside this file. */
export interface Keycloak {
  readonly issuer: string;
  /** Calls the realm's administration. */
  admin(path: string, init?: { method?: string; body?: unknown }): Promise<unknown>;
  /** Adds someone, who has the e-mail address `<username>@example.org`. Answers their id. */
  addUser(user: User): Promise<string>;
  /** Signs in at the page that an authorization request leads to. Answers where the browser is sent back to. */
  authenticate(authorization: string, user: Pick<User, 'username' | 'password'>, jar?: CookieJar): Promise<URL>;
  /** Tokens by the resource owner's password: how a test gets some without a browser. */
  tokens(
    client: string,
    user: Pick<User, 'username' | 'password'>,
  ): Promise<{ access_token: string; id_token: string }>;
  stop(): Promise<void>;
}

export async function startKeycloak(): Promise<Keycloak> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-keycloak-'));
  // A folder of its own for what it writes; the rest is only read.
  for (const part of ['bin', 'conf', 'lib', 'providers', 'themes']) {
    if (existsSync(join(home, part)))
      cpSync(join(home, part), join(folder, part), { recursive: true, dereference: false });
  }
  mkdirSync(join(folder, 'data', 'import'), { recursive: true });
  copyFileSync(fileURLToPath(new URL('./realm.json', import.meta.url)), join(folder, 'data', 'import', 'realm.json'));
  const child = spawn(
    join(folder, 'bin', 'kc.sh'),
    [
      'start',
      '--optimized',
      '--import-realm',
      '--http-enabled=true',
      '--hostname-strict=false',
      '--http-host=127.0.0.1',
      `--http-port=${port}`,
      '--http-management-port=0',
      '--cache=local',
    ],
    {
      env: {
        ...process.env,
        KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
        JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx512m',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const closed = once(child, 'close');
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  process.once('exit', kill);
  const base = `http://127.0.0.1:${port}`;
  const issuer = `${base}/realms/${REALM}`;
  while (!(await answers(`${issuer}/.well-known/openid-configuration`))) {
    if (child.exitCode !== null) throw new Error(`Keycloak ended: ${output.slice(-3000)}`);
    await pause(200);
  }
  return {
    ...operations(base, issuer),
    async stop() {
      process.off('exit', kill);
      kill();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function operations(base: string, issuer: string): Omit<Keycloak, 'stop'> {
  const grant = async (realm: string, fields: Record<string, string>) => {
    const answer = await fetch(`${base}/realms/${realm}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'password', ...fields }),
    });
    const body = (await answer.json()) as { access_token: string; id_token: string };
    if (!answer.ok) throw new Error(`Keycloak gives no token: ${JSON.stringify(body)}`);
    return body;
  };
  const admin: Keycloak['admin'] = async (path, { method = 'GET', body } = {}) => {
    const { access_token } = await grant('master', { client_id: 'admin-cli', ...ADMIN });
    const answer = await fetch(`${base}/admin/realms/${REALM}${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Keycloak answers ${answer.status} to ${method} ${path}: ${text}`);
    return text === '' ? { location: answer.headers.get('location') } : (JSON.parse(text) as unknown);
  };
  return {
    issuer,
    admin,
    async addUser({ username, password, name = username, groups = [] }) {
      const body = {
        username,
        email: `${username}@example.org`,
        emailVerified: true,
        firstName: name,
        lastName: 'Example',
        enabled: true,
        groups: groups.map((group) => `/${group}`),
        credentials: [{ type: 'password', value: password, temporary: false }],
      };
      const { location } = (await admin('/users', { method: 'POST', body })) as { location: string };
      return location.split('/').at(-1) ?? '';
    },
    tokens: (client, user) =>
      grant(REALM, { client_id: client, scope: 'openid', username: user.username, password: user.password }),
    async authenticate(authorization, { username, password }, jar = new CookieJar(base)) {
      const page = await jar.follow(authorization);
      if (page.at.origin !== base) return page.at;
      const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(await page.answer.text()) ?? [];
      const answer = await jar.fetch(action.replaceAll('&amp;', '&'), {
        method: 'POST',
        body: new URLSearchParams({ username, password }),
      });
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`Keycloak did not let ${username} in (${answer.status})`);
      return new URL(location);
    },
  };
}
