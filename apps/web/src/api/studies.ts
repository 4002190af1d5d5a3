import type { StudyDetail, StudyList, StudySort, Zone } from '@isocenter/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request, requestJson } from './http.ts';

export type { SeriesRow, StudyDetail, StudyList, StudyRow, StudySort, StudySortKey, Zone } from '@isocenter/contract';

export interface StudyFilter {
  readonly q?: string;
  readonly patientName?: string;
  readonly patientId?: string;
  readonly accessionNumber?: string;
  readonly studyDateFrom?: string;
  readonly studyDateTo?: string;
  readonly modality?: readonly string[];
  readonly zone?: readonly Zone[];
}

export interface StudyPage extends StudyFilter {
  readonly sort: StudySort;
  readonly offset: number;
  readonly limit: number;
}

export function studiesQuery(page: StudyPage) {
  return queryOptions({
    queryKey: ['studies', page],
    queryFn: ({ signal }) => requestJson<StudyList>('/api/studies', { query: { ...page }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function studyQuery(studyUid: string) {
  return queryOptions({
    queryKey: ['study', studyUid],
    queryFn: ({ signal }) => requestJson<StudyDetail>(`/api/studies/${encodeURIComponent(studyUid)}`, { signal }),
  });
}

/** Removes the study with everything in it, for good. */
export async function deleteStudy(studyUid: string): Promise<void> {
  await request(`/dicom-web/studies/${encodeURIComponent(studyUid)}`, { method: 'DELETE' });
}
