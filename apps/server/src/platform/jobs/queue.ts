import { hostname } from 'node:os';
import { type ConstructorOptions, PgBoss, type QueueOptions } from 'pg-boss';
import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import type { AnyJobDefinition } from './definition.ts';

/** A worker that says nothing for so long is lost, and its jobs are delivered again. The least that pg-boss takes. */
const HEARTBEAT_SECONDS = 10;
const HEARTBEAT_REFRESH_SECONDS = 3;

const HOUR_SECONDS = 3600;

/** What a message says: of an enqueued job its id, of the clock nothing. */
export interface Message {
  readonly job?: string;
}

/** The queue under the jobs: pg-boss on the same database, in its own schema. Its rows are messages, not the record. */
export function openQueue({ connection }: Pick<Database, 'connection'>, log: Log, working: boolean): PgBoss {
  const queue = new PgBoss({
    ...(connection as ConstructorOptions),
    application_name: 'isocenter jobs',
    instanceName: `${hostname()}:${process.pid}`,
    max: 4,
    useListenNotify: true,
    supervise: working,
    schedule: working,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    openTelemetry: { enabled: false },
  });
  queue.on('error', (error) => log.warn({ err: error }, 'the job queue met an error'));
  queue.on('warning', ({ message }) => log.warn({ reason: message }, 'the job queue warns'));
  return queue;
}

/** Makes the queue of a kind, or brings it in line with its definition. */
export async function declareQueue(queue: PgBoss, definition: AnyJobDefinition): Promise<void> {
  const options = {
    retryLimit: definition.retries ?? 3,
    retryDelay: definition.retryDelaySeconds ?? 5,
    retryBackoff: true,
    retryDelayMax: HOUR_SECONDS,
    expireInSeconds: definition.timeLimitSeconds ?? 6 * HOUR_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    retentionSeconds: 30 * 24 * HOUR_SECONDS,
    deleteAfterSeconds: HOUR_SECONDS,
  } satisfies QueueOptions;
  await queue.createQueue(definition.kind, { ...options, notify: true });
  await queue.updateQueue(definition.kind, options);
}

export const workOptions = (definition: AnyJobDefinition) =>
  ({
    includeMetadata: true,
    localConcurrency: definition.concurrency ?? 1,
    // Jobs of one singleton key run one after the other.
    groupConcurrency: 1,
    pollingIntervalSeconds: 2,
    // New jobs are told by NOTIFY, delayed ones by Jobs; polling is for when both fail.
    notifyPollingIntervalSeconds: 30,
    heartbeatRefreshSeconds: HEARTBEAT_REFRESH_SECONDS,
  }) as const;
