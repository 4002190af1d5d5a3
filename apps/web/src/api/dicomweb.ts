import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

/** One attribute of a DICOM JSON data set (PS3.18 F.2.2). */
export interface JsonAttribute {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}

/** A data set by tag, eight upper-case hexadecimal digits (PS3.18 F.2). */
export type JsonDataSet = Readonly<Record<string, JsonAttribute>>;

const root = '/dicom-web';

export const studyPath = (study: string): string => `${root}/studies/${study}`;
export const seriesPath = (study: string, series: string): string => `${studyPath(study)}/series/${series}`;
export const instancePath = (study: string, series: string, instance: string): string =>
  `${seriesPath(study, series)}/instances/${instance}`;

export const studyThumbnail = (study: string): string => `${studyPath(study)}/thumbnail`;
export const seriesThumbnail = (study: string, series: string): string => `${seriesPath(study, series)}/thumbnail`;

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

/** The first value as text; a person name gives its groups joined by `=` as in PS3.5 6.2.1. */
export function textValue(dataSet: JsonDataSet, tag: string): string {
  const value = dataSet[tag]?.Value?.[0];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
}

export function textValues(dataSet: JsonDataSet, tag: string): string[] {
  return (dataSet[tag]?.Value ?? []).map((value) => String(value));
}

export function numberValue(dataSet: JsonDataSet, tag: string): number | null {
  const text = textValue(dataSet, tag);
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? null : value;
}

export function numberValues(dataSet: JsonDataSet, tag: string): number[] {
  return (dataSet[tag]?.Value ?? []).map(Number).filter((value) => !Number.isNaN(value));
}
