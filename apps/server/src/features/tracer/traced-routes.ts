import type { TracerAction } from '@isocenter/contract';

/** What a request that reads data is in the log. */
export type ReadAction = Extract<TracerAction, 'study.view' | 'study.search' | 'instance.retrieve' | 'study.export'>;

/** Under these prefixes DICOMweb is served. */
const dicomWebPrefix = /^(\/zones\/:zone)?\/dicom-web/;

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
};

/** What reading through a route is in the log; undefined for a route that reads no data. */
export const readOf = (url: string): ReadAction | { readonly nothing: string } | undefined =>
  reads[url.replace(dicomWebPrefix, '') || '/'];
