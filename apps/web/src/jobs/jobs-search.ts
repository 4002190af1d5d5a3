import type { JobState } from '../api/jobs.ts';
import { compact, oneOf, wholeNumberOfSearch } from '../app/search-string.ts';

export const jobStates = ['running', 'queued', 'failed', 'done', 'cancelled'] as const satisfies readonly JobState[];

export interface JobsSearch {
  readonly state?: JobState;
  readonly page?: number;
}

export function parseJobsSearch(raw: Record<string, unknown>): JobsSearch {
  return compact({ state: oneOf(jobStates, raw.state), page: wholeNumberOfSearch(raw.page, 2, 100_000) });
}
