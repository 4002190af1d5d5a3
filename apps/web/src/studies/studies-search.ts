import type { StudyFilter, StudyPage, StudySort, Zone } from '../api/studies.ts';
import { compact, oneOf, textOfSearch, textsOfSearch, wholeNumberOfSearch } from '../app/search-string.ts';

/** Everything that the studies list shows, as it stands in the address. What is missing is the default. */
export interface StudiesSearch {
  readonly q?: string;
  readonly zone?: readonly Zone[];
  readonly modality?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly name?: string;
  readonly id?: string;
  readonly accession?: string;
  readonly sort?: StudySort;
  readonly page?: number;
  readonly size?: number;
  readonly columns?: string;
  readonly preview?: string;
}

export const zones = ['landing', 'staging', 'repository'] as const satisfies readonly Zone[];
const sorts = [
  'studyDate',
  'patientName',
  'patientId',
  'modality',
  'instances',
  'receivedAt',
  'description',
  'size',
] as const;
export const defaultSort: StudySort = '-receivedAt';
export const defaultSize = 50;

export function parseStudiesSearch(raw: Record<string, unknown>): StudiesSearch {
  return compact({
    q: textOfSearch(raw.q),
    zone: textsOfSearch(raw.zone)?.filter((value): value is Zone => zones.some((zone) => zone === value)),
    modality: textsOfSearch(raw.modality),
    from: date(raw.from),
    to: date(raw.to),
    name: textOfSearch(raw.name),
    id: textOfSearch(raw.id),
    accession: textOfSearch(raw.accession),
    sort: oneOf<StudySort>([...sorts, ...sorts.map((key) => `-${key}` as const)], raw.sort),
    page: wholeNumberOfSearch(raw.page, 2, 200_000),
    size: wholeNumberOfSearch(raw.size, 1, 200),
    columns: textOfSearch(raw.columns),
    preview: textOfSearch(raw.preview),
  });
}

function date(value: unknown): string | undefined {
  const text = textOfSearch(value);
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
}

/** What to ask the server for. */
export function studyPageOf(search: StudiesSearch): StudyPage {
  const limit = search.size ?? defaultSize;
  return { ...filterOf(search), sort: search.sort ?? defaultSort, offset: ((search.page ?? 1) - 1) * limit, limit };
}

function filterOf(search: StudiesSearch): StudyFilter {
  return compact({
    q: search.q,
    patientName: search.name,
    patientId: search.id,
    accessionNumber: search.accession,
    studyDateFrom: search.from,
    studyDateTo: search.to,
    modality: search.modality,
    zone: search.zone,
  });
}

export function isFiltered(search: StudiesSearch): boolean {
  return Object.values(filterOf(search)).some((value) => (Array.isArray(value) ? value.length > 0 : true));
}

/** The search without any filter; order, columns and page size stay. */
export function withoutFilters(search: StudiesSearch): StudiesSearch {
  return compact({ sort: search.sort, size: search.size, columns: search.columns });
}
