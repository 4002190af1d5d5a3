import type { Job, JobList, JobState } from '@isocenter/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { requestJson } from './http.ts';

export type { Job, JobList, JobState } from '@isocenter/contract';

export interface JobPage {
  readonly state?: readonly JobState[];
  readonly offset: number;
  readonly limit: number;
}

export function jobsQuery(page: JobPage) {
  return queryOptions({
    queryKey: ['jobs', page],
    queryFn: ({ signal }) => requestJson<JobList>('/api/jobs', { query: { ...page }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ['job', id],
    queryFn: ({ signal }) => requestJson<Job>(`/api/jobs/${encodeURIComponent(id)}`, { signal }),
  });
}

export function cancelJob(id: string): Promise<Job> {
  return requestJson<Job>(`/api/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
}

export function retryJob(id: string): Promise<Job> {
  return requestJson<Job>(`/api/jobs/${encodeURIComponent(id)}/retry`, { method: 'POST' });
}
