import {
  CookieJar,
  type MadePerson,
  type MadeProject,
  makePerson,
  makeProject,
  type TestServer,
} from '@isocenter/testkit';

/**
 * Everyone who can ask for something. Collector to developer have their role in the project and site that the sample data
 * belong to.
 */
export const PERSONAS = [
  'anonymous',
  'forger',
  'waiting',
  'stranger',
  'administrator',
  'auditor',
  'collector',
  'curator',
  'manager',
  'annotator',
  'researcher',
  'committee',
  'developer',
  'otherSite',
  'otherProject',
] as const;
export type Persona = (typeof PERSONAS)[number];

/** How each of them asks: with a session of a browser, or nothing that is worth anything. */
export type Askers = Readonly<Record<Persona, (path: string, init?: RequestInit) => Promise<Response>>>;

/** Signs someone in, with whichever provider. */
export type SignIn = (jar: CookieJar, who: MadePerson) => Promise<unknown>;

export const password = 'granite teapot lantern';

export interface World {
  readonly ours: MadeProject;
  readonly theirs: MadeProject;
  readonly ask: Askers;
  readonly ids: Readonly<Record<Persona, string>>;
}

export type Server = Pick<TestServer, 'url' | 'database'>;

/** Makes the people, their projects and sites, and signs them in. */
export async function makeWorld(server: Server, signIn: SignIn): Promise<World> {
  const { database } = server;
  const ours = await makeProject(database, 'ours', ['north', 'south']);
  const theirs = await makeProject(database, 'theirs', ['west']);
  const north = ours.sites.north!;
  const inOurs = (role: 'data-collector' | 'data-curator' | 'data-manager' | 'annotator' | 'researcher') => ({
    roles: [{ project: ours.id, role, site: north }],
  });
  const who: Readonly<Partial<Record<Persona, Omit<Parameters<typeof makePerson>[1], 'name'>>>> = {
    waiting: { state: 'waiting' },
    stranger: {},
    administrator: { nodeRoles: ['administrator'] },
    auditor: { nodeRoles: ['auditor'] },
    collector: inOurs('data-collector'),
    curator: inOurs('data-curator'),
    manager: inOurs('data-manager'),
    annotator: inOurs('annotator'),
    researcher: inOurs('researcher'),
    committee: { roles: [{ project: ours.id, role: 'access-committee-member' }] },
    developer: { roles: [{ project: ours.id, role: 'tool-developer' }] },
    otherSite: { roles: [{ project: ours.id, role: 'data-curator', site: ours.sites.south! }] },
    otherProject: { roles: [{ project: theirs.id, role: 'data-curator', site: theirs.sites.west! }] },
  };
  const ids: Partial<Record<Persona, string>> = {};
  const ask: Partial<Record<Persona, Askers[Persona]>> = {
    anonymous: (path, init) => fetch(new URL(path, server.url), { redirect: 'manual', ...init }),
    forger: withBearer(server, 'isct_this-is-no-token-that-anyone-ever-made-here'),
  };
  for (const [name, options] of Object.entries(who) as [Persona, (typeof who)[Persona]][]) {
    const person = await makePerson(database, { name, password, ...options });
    ids[name] = person.id;
    if (name === 'waiting') ask[name] = withBearer(server, person.token);
    else ask[name] = await signedIn(server, person, signIn);
  }
  return { ours, theirs, ask: ask as Askers, ids: ids as World['ids'] };
}

const withBearer =
  ({ url }: Server, token: string): Askers[Persona] =>
  (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(new URL(path, url), { redirect: 'manual', ...init, headers });
  };

/** Signs in, and again when the session was ended by what was asked for. */
async function signedIn({ url }: Server, who: MadePerson, signIn: SignIn): Promise<Askers[Persona]> {
  let jar = new CookieJar(url);
  await signIn(jar, who);
  return async (path, init) => {
    if (jar.get('isocenter_session') === undefined) {
      jar = new CookieJar(url);
      await signIn(jar, who);
    }
    return jar.fetch(path, init);
  };
}
