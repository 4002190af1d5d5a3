import { compact, oneOf, textOfSearch, wholeNumberOfSearch } from '../app/search-string.ts';

export const studyTabs = ['details', 'header'] as const;
export type StudyTab = (typeof studyTabs)[number];

/** Which series is open, on which tab, and of which of its instances the header is shown (from 1). */
export interface StudySearch {
  readonly series?: string;
  readonly tab?: StudyTab;
  readonly instance?: number;
}

export function parseStudySearch(raw: Record<string, unknown>): StudySearch {
  return compact({
    series: textOfSearch(raw.series),
    tab: oneOf(studyTabs, raw.tab),
    instance: wholeNumberOfSearch(raw.instance, 1, 1_000_000),
  });
}
