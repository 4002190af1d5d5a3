import type { TracerAction } from '@isocenter/contract';

/** What a request that reads data is in the log. */
export type ReadAction = Extract<TracerAction, 'study.view' | 'study.search' | 'instance.retrieve' | 'study.export'>;

/** Under these prefixes DICOMweb is served. */
const dicomWebPrefix = /^(\/zones\/:zone|\/areas\/:area)?\/dicom-web/;

const studies = '/studies/:study';
const series = `${studies}/series/:series`;
const instance = `${series}/instances/:instance`;

/**
 * Every route that reads data, by its address after the prefix of DICOMweb. A test compares this with the routes that the
 * server has: one that is missing here fails.
 */
const reads: Readonly<Record<string, ReadAction | { readonly nothing: string }>> = {
  '/': { nothing: 'The capabilities of the service hold no data' },
  '/studies': 'study.search',
  '/series': 'study.search',
  '/instances': 'study.search',
  [`${studies}/series`]: 'study.view',
  [`${studies}/instances`]: 'study.view',
  [`${series}/instances`]: 'study.view',
  [studies]: 'study.export',
  [series]: 'study.export',
  [instance]: 'instance.retrieve',
  [`${studies}/metadata`]: 'study.view',
  [`${series}/metadata`]: 'study.view',
  [`${instance}/metadata`]: 'study.view',
  [`${instance}/bulkdata/*`]: 'study.view',
  [`${instance}/frames/:frames`]: 'study.view',
  [`${instance}/frames/:frames/rendered`]: 'study.view',
  [`${instance}/frames/:frames/thumbnail`]: 'study.view',
  [`${studies}/rendered`]: 'study.view',
  [`${series}/rendered`]: 'study.view',
  [`${instance}/rendered`]: 'study.view',
  [`${studies}/thumbnail`]: 'study.view',
  [`${series}/thumbnail`]: 'study.view',
  [`${instance}/thumbnail`]: 'study.view',
  '/wado': 'instance.retrieve',
  '/api/studies': 'study.search',
  '/api/studies/:studyUid': 'study.view',
  ...without('Who signs in, and who fails to, is recorded as it happens', [
    '/api/sign-in',
    '/api/session/start',
    '/api/session/callback',
    '/oidc/.well-known/openid-configuration',
    '/oidc/jwks',
    '/oidc/auth',
    '/oidc/auth/:uid',
    '/oidc/userinfo',
    '/oidc/device',
    '/oidc/device/:uid',
    '/oidc/session/end',
    '/oidc/session/end/success',
    '/oidc/interaction/:uid',
    '/oidc/interaction/:uid/details',
  ]),
  ...without("One's own account", ['/api/account', '/api/account/sessions', '/api/tokens']),
};

function without(nothing: string, routes: readonly string[]): Record<string, { readonly nothing: string }> {
  return Object.fromEntries(routes.map((route) => [route, { nothing }]));
}

/** What reading through a route is in the log; undefined for a route that reads no data. */
export const readOf = (url: string): ReadAction | { readonly nothing: string } | undefined =>
  reads[url.replace(dicomWebPrefix, '') || '/'];
