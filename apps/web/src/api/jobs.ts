import type { Job, JobState } from '@isocenter/contract';
import { JobId } from '@isocenter/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { idFrom } from './problem.ts';

export type { Job, JobList, JobState } from '@isocenter/contract';

export interface JobPage {
  readonly state?: readonly JobState[];
  readonly offset: number;
  readonly limit: number;
}

export function jobsQuery({ state = [], offset, limit }: JobPage) {
  return queryOptions({
    queryKey: ['jobs', { state, offset, limit }],
    queryFn: ({ signal }) => client.listJobs({ query: { state: [...state], offset, limit } }, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ['job', id],
    queryFn: async ({ signal }) => client.getJob({ params: { id: idFrom(JobId, id) } }, { signal }),
  });
}

export function cancelJob(id: string): Promise<Job> {
  return client.cancelJob({ params: { id: JobId.parse(id) } });
}

export function retryJob(id: string): Promise<Job> {
  return client.retryJob({ params: { id: JobId.parse(id) } });
}
