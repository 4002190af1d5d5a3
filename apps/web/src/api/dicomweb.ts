import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import type { JsonDataSet } from './data-set.ts';

const root = '/dicom-web';

export const studyPath = (study: string): string => `${root}/studies/${study}`;
export const seriesPath = (study: string, series: string): string => `${studyPath(study)}/series/${series}`;
export const instancePath = (study: string, series: string, instance: string): string =>
  `${seriesPath(study, series)}/instances/${instance}`;

export const studyThumbnail = (study: string): string => `${studyPath(study)}/thumbnail`;
export const seriesThumbnail = (study: string, series: string): string => `${seriesPath(study, series)}/thumbnail`;
/** The same picture large enough to judge by, at most `side` pixels wide and high (PS3.18 8.3.5.1.3). */
export const seriesPicture = (study: string, series: string, side: number): string =>
  `${seriesThumbnail(study, series)}?viewport=${side},${side}`;

/** Where a study comes as a ZIP file by an ordinary link. */
export const studyZip = (study: string): string => `${studyPath(study)}?accept=application/zip`;

/** The header of every instance of a series. Instances don't change, so one read serves for as long as the page lives. */
export function seriesMetadataQuery(study: string, series: string) {
  return queryOptions({
    queryKey: ['metadata', study, series],
    queryFn: async ({ signal }): Promise<JsonDataSet[]> => {
      const headers = { accept: 'application/dicom+json' };
      const response = await client.fetch(`${seriesPath(study, series)}/metadata`, { headers, signal });
      return response.json();
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10 * 60_000,
  });
}
