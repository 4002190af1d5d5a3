import { type StudySort, StudyUid, type Zone } from '@isocenter/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { studyPath } from './dicomweb.ts';
import { idFrom } from './problem.ts';

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
    queryFn: ({ signal }) => {
      const { modality = [], zone = [], ...rest } = page;
      return client.listStudies({ query: { ...rest, modality: [...modality], zone: [...zone] } }, { signal });
    },
    placeholderData: keepPreviousData,
  });
}

export function studyQuery(studyUid: string) {
  return queryOptions({
    queryKey: ['study', studyUid],
    queryFn: async ({ signal }) => client.getStudy({ params: { studyUid: idFrom(StudyUid, studyUid) } }, { signal }),
  });
}

/** Removes the study with everything in it, for good. */
export async function deleteStudy(studyUid: string): Promise<void> {
  await client.fetch(studyPath(studyUid), { method: 'DELETE' });
}
