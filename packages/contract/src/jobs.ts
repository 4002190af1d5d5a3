import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { ErrorCode } from './errors.ts';
import { CallerId, JobId } from './ids.ts';
import { pageQuery, repeated } from './query.ts';

export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export const JobState = z.enum(JOB_STATES).meta({ id: 'JobState' });
export type JobState = z.infer<typeof JobState>;

export const JobProgress = z
  .object({
    done: z.number().nonnegative(),
    total: z.number().nonnegative().nullable().describe('Null while it is not known'),
    message: z.string().nullable(),
  })
  .meta({ id: 'JobProgress' });
export type JobProgress = z.infer<typeof JobProgress>;

export const Job = z
  .object({
    id: JobId,
    kind: z.string(),
    title: z.string(),
    state: JobState,
    progress: JobProgress.nullable(),
    /** What the kind of job tells of its outcome. */
    result: z.unknown(),
    error: z.object({ code: ErrorCode, detail: z.string() }).nullable(),
    attempt: z.number().int().nonnegative().describe('How often it was begun'),
    cancelling: z.boolean().describe('It was told to stop and has not stopped yet'),
    createdBy: CallerId.nullable().describe('Null for the work of the server itself'),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof Job>;

export const JobList = z
  .object({
    items: z.array(Job),
    total: z.number().int().nonnegative(),
    counts: z.record(JobState, z.number().int().nonnegative()).describe('Of all jobs, by state'),
  })
  .meta({ id: 'JobList' });
export type JobList = z.infer<typeof JobList>;

const params = z.strictObject({ id: JobId });

export const listJobs = defineEndpoint({
  name: 'listJobs',
  method: 'GET',
  path: '/api/jobs',
  action: 'job.read',
  summary: 'Jobs, the newest first',
  tag: 'Jobs',
  query: z.strictObject({ state: repeated(JobState), kind: repeated(z.string().max(100)), ...pageQuery }),
  response: JobList,
});

export const getJob = defineEndpoint({
  name: 'getJob',
  method: 'GET',
  path: '/api/jobs/{id}',
  action: 'job.read',
  summary: 'One job',
  tag: 'Jobs',
  params,
  response: Job,
  errors: ['not-found'],
});

export const cancelJob = defineEndpoint({
  name: 'cancelJob',
  method: 'POST',
  path: '/api/jobs/{id}/cancel',
  action: 'job.manage',
  summary: 'Stop a job that is queued or running',
  tag: 'Jobs',
  params,
  response: Job,
  errors: ['not-found', 'conflict'],
});

export const retryJob = defineEndpoint({
  name: 'retryJob',
  method: 'POST',
  path: '/api/jobs/{id}/retry',
  action: 'job.manage',
  summary: 'Begin a failed or cancelled job again',
  tag: 'Jobs',
  params,
  response: Job,
  errors: ['not-found', 'conflict'],
});
