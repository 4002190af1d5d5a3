import { randomUUID } from 'node:crypto';
import { storeRequest } from '@isocenter/testkit/dicomweb';
import type { World } from './people.ts';
import { type SampleFile, sampleFile } from './sample-file.ts';

/** What the requests are about. */
export interface Sample {
  readonly world: World;
  readonly file: SampleFile;
  /** The landing area that it lies in. */
  readonly area: number;
}

let count = 0;
const nowhere = (): string => randomUUID();

/** Bodies by route; routes without one here send none. What is a function is made anew for each request. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /api/session': {},
  'POST /api/registrations': {
    name: 'Someone',
    email: 'someone@example.org',
    organisation: 'Somewhere',
    purpose: '',
    password: 'granite teapot lantern',
  },
  'POST /api/links/look': { key: 'x'.repeat(43) },
  'POST /api/links/use': { key: 'x'.repeat(43) },
  'POST /api/password-resets': { email: 'someone@example.org' },
  'POST /api/terms': {},
  'POST /api/terms/acceptance': { version: 1 },
  'PATCH /api/account': { name: 'Someone' },
  'POST /api/account/password': { current: 'wrong', password: 'wrong' },
  'POST /api/account/recovery-codes': { password: 'wrong' },
  'POST /api/account/second-factor': { password: 'wrong' },
  'POST /api/account/second-factor/confirm': { code: '000000' },
  'POST /api/account/second-factor/remove': { password: 'wrong' },
  'POST /api/tokens': { name: 'a token', scopes: ['archive:read'] },
  'POST /api/organisations': () => ({ name: `Organisation ${++count}` }),
  'PATCH /api/organisations/:id': { name: 'Another name' },
  'POST /api/sites': () => ({ organisationId: nowhere(), code: `code-${++count}`, name: 'A site' }),
  'PATCH /api/sites/:id': { name: 'Another name' },
  'POST /api/projects': () => ({ code: `code-${++count}`, name: 'A project' }),
  'PATCH /api/projects/:id': { description: 'About it' },
  'POST /api/projects/:id/members': () => ({ personId: nowhere(), role: 'researcher' }),
  'PATCH /api/people/:id': { name: 'stranger' },
  'POST /api/invitations': () => ({ name: 'Someone', email: `invited${++count}@example.org` }),
  'POST /api/people/:id/approve': {},
  'POST /api/nodes/join': { token: 'x'.repeat(43), publicKey: 'A'.repeat(43), proof: 'no.proof.at-all' },
  'POST /api/nodes/join-tokens': { name: 'a node' },
  'POST /oidc/interaction/:uid/sign-in': { email: 'someone@example.org', password: 'wrong' },
};

/** The address of a route that means the sample, and what is sent there. */
export function requestFor(method: string, url: string, sample: Sample): { path: string; init: RequestInit } {
  const { world, area } = sample;
  // What is stored is new each time: others see the sample no better for having one of their own.
  const file = method === 'POST' ? sampleFile() : sample.file;
  const route = `${method} ${url}`;
  const params: Readonly<Record<string, string>> = {
    ':zone': 'landing',
    ':area': String(area),
    ':studyUid': file.study,
    ':study': file.study,
    ':series': file.series,
    ':instance': file.instance,
    ':frames': '1',
    ':leaf': '0',
    ':uid': 'an-interaction-that-is-not-there',
    ':siteId': world.ours.sites.north!,
    ':membershipId': nowhere(),
    ':id': url.startsWith('/api/projects') ? world.ours.id : url === '/api/people/:id' ? world.ids.stranger : nowhere(),
  };
  let path = url
    .replace(/:\w+/g, (name) => params[name] ?? name)
    .replace('bulkdata/*', 'bulkdata/7FE00010')
    .replace('*', 'anything');
  if (url === '/wado')
    path += `?requestType=WADO&studyUID=${file.study}&seriesUID=${file.series}&objectUID=${file.instance}`;
  if (url.endsWith('/studies') && method === 'GET' && url.includes('dicom-web'))
    path += `?StudyInstanceUID=${file.study}`;
  if (/dicom-web\/(series|instances)$/.test(url)) path += `?StudyInstanceUID=${file.study}`;
  return { path, init: { method, ...bodyOf(route, file) } };
}

function bodyOf(route: string, file: SampleFile): RequestInit {
  if (/^POST .*dicom-web\/studies/.test(route)) return storeRequest([file.bytes]);
  if (/^POST \/oidc\/(?!interaction)/.test(route))
    return { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' } };
  if (route.startsWith('GET /oidc/')) return { headers: { accept: 'text/html' } };
  if (route.endsWith('/backchannel-logout'))
    return { body: 'logout_token=none', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  const body = bodies[route];
  if (body === undefined) return {};
  const value: unknown = typeof body === 'function' ? (body as () => unknown)() : body;
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}
