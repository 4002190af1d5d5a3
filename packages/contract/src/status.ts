import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { JobState } from './jobs.ts';
import { Zone } from './zones.ts';

const count = z.number().int().nonnegative();

export const HealthCheck = z
  .object({ name: z.string(), ok: z.boolean(), detail: z.string().optional(), ms: z.number().nonnegative() })
  .meta({ id: 'HealthCheck' });
export type HealthCheck = z.infer<typeof HealthCheck>;

export const Readiness = z.object({ ready: z.boolean(), checks: z.array(HealthCheck) }).meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof Readiness>;

export const Status = z
  .object({
    version: z.string(),
    startedAt: z.iso.datetime(),
    ready: z.boolean(),
    checks: z.array(HealthCheck),
    zones: z.array(Zone).describe('The zones that this node has'),
    jobs: z.record(JobState, count),
    workers: z.array(
      z.object({ host: z.string(), pid: count, name: z.string().nullable(), seenAt: z.iso.datetime(), running: count }),
    ),
    threads: z.object({ size: count, running: count, waiting: count }),
    disk: z.object({ freeBytes: count, totalBytes: count }),
    memory: z.object({ residentBytes: count, heapUsedBytes: count }),
    counts: z.record(z.string(), count).describe('What the features count, such as studies and instances'),
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof Status>;

export const getStatus = defineEndpoint({
  name: 'getStatus',
  method: 'GET',
  path: '/api/status',
  action: 'status.read',
  summary: 'The state of the server',
  tag: 'Operation',
  response: Status,
});

export const getLiveness = defineEndpoint({
  name: 'getLiveness',
  method: 'GET',
  path: '/health/live',
  action: 'health.read',
  summary: 'Whether the process lives',
  tag: 'Operation',
  response: z.object({ live: z.literal(true) }),
});

export const getReadiness = defineEndpoint({
  name: 'getReadiness',
  method: 'GET',
  path: '/health/ready',
  action: 'health.read',
  summary: 'Whether the server can serve',
  description: 'Answers 503 with the same body when a check fails.',
  tag: 'Operation',
  response: Readiness,
  otherStatuses: [503],
});
