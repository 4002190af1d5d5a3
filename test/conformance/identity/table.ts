import { existsSync } from 'node:fs';
import { PERSONAS, type Persona } from './people.ts';

/** The exact status for everyone. */
export type Expected = Readonly<Record<Persona, number>>;

type Some = Readonly<Partial<Record<Persona, number>>>;

/** Whoever isn't known: without credentials, with forged ones, or with those of an account that isn't open (yet). */
const unknown: Some = { anonymous: 401, forger: 401, waiting: 401 };

const all = (status: number, but: Some = {}): Expected =>
  ({ ...Object.fromEntries(PERSONAS.map((persona) => [persona, status])), ...but }) as Expected;

/** Everyone, also who isn't known. */
const everyone = (status: number): Expected => all(status);
const known = (status: number): Expected => all(status, unknown);
const administrator = (status: number): Expected => all(403, { ...unknown, administrator: status });
const overseers = (status: number): Expected => all(403, { ...unknown, administrator: status, auditor: status });

/** Projects: overseers see all, members their own; others don't learn that it is there. */
const projects = (others: number): Expected => all(200, { ...unknown, stranger: 403, otherProject: others });

/** Those who see the sample study, which lies in the landing zone of one site; those who see other data; the rest. */
const reads = (status: number, without = 404): Expected =>
  all(403, {
    ...unknown,
    administrator: status,
    collector: status,
    curator: status,
    manager: status,
    annotator: without,
    researcher: without,
    otherSite: without,
    otherProject: without,
  });
/** The same under `/zones/landing`, which those don't have who see nothing in any landing zone. */
const readsInZone = (status: number, without = 404): Expected => ({
  ...reads(status, without),
  annotator: 404,
  researcher: 404,
});
/** Under `/areas/{area}`, which only those have who see it. */
const readsInArea = (status: number): Expected => reads(status);

/** Storing: where it is not said, everyone stores in their own area. */
const stores = (status: number, elsewhere = status): Expected =>
  all(403, {
    ...unknown,
    administrator: status,
    collector: status,
    curator: status,
    otherSite: elsewhere,
    otherProject: elsewhere,
  });

const deletes = (status: number): Expected => all(403, { ...unknown, administrator: status, manager: status });

const instance = '/studies/:study/series/:series/instances/:instance';

/** Without them, every address of a page says so. */
const pagesAreBuilt = existsSync(new URL('../../../apps/web/dist/index.html', import.meta.url));

const table: Readonly<Record<string, Expected>> = {
  'GET /*': everyone(pagesAreBuilt ? 200 : 503),
  'GET /health/live': everyone(200),
  'GET /health/ready': everyone(200),
  'GET /metrics': administrator(200),
  'GET /api/openapi.json': everyone(200),
  'GET /api/docs': everyone(200),
  'GET /api/docs/json': everyone(200),
  'GET /api/docs/yaml': everyone(200),
  'GET /api/docs/': everyone(200),
  'GET /api/docs/static/*': everyone(405),
  'GET /api/docs/static/index.html': everyone(302),
  'GET /api/docs/static/swagger-initializer.js': everyone(200),

  'GET /api/me': known(200),
  'GET /api/sign-in': everyone(200),
  'POST /api/session': everyone(400),
  'DELETE /api/session': known(200),
  'GET /api/session/start': everyone(303),
  'GET /api/session/callback': everyone(303),
  'POST /api/session/backchannel-logout': everyone(400),
  'POST /api/registrations': everyone(202),
  'POST /api/links/look': everyone(404),
  'POST /api/links/use': everyone(404),
  'POST /api/password-resets': everyone(202),
  'GET /api/terms': everyone(200),
  'POST /api/terms': administrator(400),
  'POST /api/terms/acceptance': known(409),
  'GET /api/account': known(200),
  'PATCH /api/account': known(200),
  'POST /api/account/password': known(401),
  'POST /api/account/recovery-codes': known(401),
  'POST /api/account/second-factor': known(401),
  'POST /api/account/second-factor/confirm': known(401),
  'POST /api/account/second-factor/remove': known(401),
  'GET /api/account/sessions': known(200),
  'DELETE /api/account/sessions': known(204),
  'DELETE /api/account/sessions/:id': known(404),
  'GET /api/tokens': known(200),
  'POST /api/tokens': known(201),
  'DELETE /api/tokens/:id': known(404),
  'GET /api/events': known(200),
  'GET /api/notifications': known(200),
  'POST /api/notifications/:id/read': known(404),
  'POST /api/notifications/read': known(204),

  'GET /api/log': known(200),
  'GET /api/log/checkpoint': known(200),
  'GET /api/log/entries': known(200),
  // The first entry is the node's own: others than overseers see what they did themselves.
  'GET /api/log/entries/:leaf': all(404, { ...unknown, administrator: 200, auditor: 200 }),
  'GET /api/log/proof/consistency': known(400),
  'GET /api/log/proof/inclusion': known(400),
  'GET /api/log/tile/:level/*': known(404),
  'GET /api/log/tile/entries/*': overseers(404),

  'GET /api/status': administrator(200),
  'GET /api/jobs': administrator(200),
  'GET /api/jobs/:id': administrator(404),
  'POST /api/jobs/:id/cancel': administrator(404),
  'POST /api/jobs/:id/retry': administrator(404),

  'GET /api/organisations': overseers(200),
  'POST /api/organisations': administrator(201),
  'PATCH /api/organisations/:id': administrator(404),
  'DELETE /api/organisations/:id': administrator(404),
  'POST /api/sites': administrator(404),
  'PATCH /api/sites/:id': administrator(404),
  'DELETE /api/sites/:id': administrator(404),
  'GET /api/projects': projects(200),
  'POST /api/projects': administrator(201),
  'GET /api/projects/:id': projects(404),
  'PATCH /api/projects/:id': administrator(200),
  'PUT /api/projects/:id/sites/:siteId': administrator(204),
  'DELETE /api/projects/:id/sites/:siteId': administrator(409),
  'POST /api/projects/:id/members': administrator(404),
  'DELETE /api/projects/:id/members/:membershipId': administrator(404),
  'GET /api/people': overseers(200),
  'GET /api/people/:id': overseers(200),
  'PATCH /api/people/:id': administrator(200),
  'POST /api/invitations': administrator(201),
  'POST /api/people/:id/approve': administrator(404),
  'POST /api/people/:id/refuse': administrator(404),
  'POST /api/people/:id/lock': administrator(404),
  'POST /api/people/:id/link': administrator(404),
  'DELETE /api/people/:id/second-factor': administrator(404),
  'DELETE /api/people/:id/sessions': administrator(404),
  'GET /api/nodes': overseers(200),
  'POST /api/nodes/join': everyone(401),
  'POST /api/nodes/join-tokens': administrator(201),
  'DELETE /api/nodes/:id': administrator(404),
  'GET /api/nodes/self': known(403),

  'GET /oidc/.well-known/openid-configuration': everyone(200),
  'GET /oidc/jwks': everyone(200),
  'GET /oidc/auth': everyone(400),
  'GET /oidc/auth/:uid': everyone(400),
  'POST /oidc/token': everyone(400),
  'POST /oidc/token/revocation': everyone(400),
  'GET /oidc/userinfo': everyone(401),
  'POST /oidc/userinfo': everyone(401),
  'GET /oidc/device': everyone(302),
  'POST /oidc/device': all(302, { anonymous: 303, forger: 303, waiting: 303 }),
  'GET /oidc/device/:uid': all(302, { anonymous: 303, forger: 303, waiting: 303 }),
  'POST /oidc/device/auth': everyone(400),
  'GET /oidc/session/end': everyone(200),
  'POST /oidc/session/end/confirm': everyone(400),
  'GET /oidc/session/end/success': everyone(302),
  'GET /oidc/interaction/:uid': everyone(303),
  'GET /oidc/interaction/:uid/details': everyone(400),
  'POST /oidc/interaction/:uid/sign-in': everyone(400),

  'GET /api/studies': reads(200, 200),
  'GET /api/studies/:studyUid': reads(200),
  'GET /wado': reads(200),
  ...dicomWeb('/dicom-web', {
    capability: reads(200, 200),
    search: reads(200, 204),
    read: reads(200),
    store: stores(200),
    delete: deletes(204),
  }),
  ...dicomWeb('/zones/:zone/dicom-web', {
    capability: readsInZone(200, 200),
    search: readsInZone(200, 204),
    read: readsInZone(200),
    store: stores(200),
    delete: deletes(204),
  }),
  ...dicomWeb('/areas/:area/dicom-web', {
    capability: readsInArea(200),
    search: readsInArea(200),
    read: readsInArea(200),
    store: stores(200, 404),
    delete: deletes(204),
  }),
};

interface DicomWeb {
  readonly capability: Expected;
  readonly search: Expected;
  readonly read: Expected;
  readonly store: Expected;
  readonly delete: Expected;
}

function dicomWeb(root: string, expected: DicomWeb): Record<string, Expected> {
  const rows: Record<string, Expected> = {};
  const add = (status: Expected, ...routes: string[]): void => {
    for (const route of routes) {
      const [method, path] = route.split(' ');
      rows[`${method} ${root}${path}`] = status;
    }
  };
  add(expected.capability, 'GET ', 'GET /', 'OPTIONS ');
  add(
    expected.search,
    'GET /studies',
    'GET /series',
    'GET /instances',
    'GET /studies/:study/series',
    'GET /studies/:study/instances',
    'GET /studies/:study/series/:series/instances',
  );
  for (const path of ['/studies/:study', '/studies/:study/series/:series', instance]) {
    for (const what of ['', '/metadata', '/rendered', '/thumbnail']) add(expected.read, `GET ${path}${what}`);
    add(expected.delete, `DELETE ${path}`);
  }
  for (const what of ['/bulkdata/*', '/frames/:frames', '/frames/:frames/rendered', '/frames/:frames/thumbnail'])
    add(expected.read, `GET ${instance}${what}`);
  add(expected.store, 'POST /studies', 'POST /studies/:study');
  return rows;
}

/** Where another provider keeps passwords, there is nothing to change here; and there is no embedded one. */
const withExternal: Readonly<Record<string, Expected>> = {
  'POST /api/registrations': everyone(404),
  'POST /api/account/password': known(409),
  'POST /api/account/recovery-codes': known(409),
  'POST /api/account/second-factor': known(409),
  'POST /api/account/second-factor/confirm': known(409),
  'POST /api/account/second-factor/remove': known(409),
};

/** What every route answers to everyone, by method and address; `HEAD` is as `GET`. */
export function accessTable(provider: 'embedded' | 'external'): Readonly<Record<string, Expected>> {
  if (provider === 'embedded') return table;
  return {
    ...Object.fromEntries(Object.entries(table).filter(([route]) => !route.includes(' /oidc/'))),
    ...withExternal,
  };
}
