import type { LogChange, LogObject, TracerAction } from '@isocenter/contract';
import type { FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { Tables } from '../../platform/database/tables.ts';
import { actorOf, type Tracer } from '../../platform/tracer/index.ts';

/** What the routes of the directory work with. */
export interface DirectoryParts {
  readonly database: Database;
  readonly tracer: Tracer;
}

/** What a change is in the log. */
export interface Traced {
  readonly action: TracerAction;
  readonly objects: readonly LogObject[];
  readonly changes?: readonly LogChange[];
  readonly project?: string;
}

/** Runs a change and says in the same transaction who made it; the change may tell what it was about. */
export function traced<T>(
  { database, tracer }: DirectoryParts,
  { caller }: Pick<FastifyRequest, 'caller'>,
  change: (tx: Kysely<Tables>) => Promise<{ readonly result: T; readonly traced: Traced }>,
): Promise<T> {
  return database.transaction(async (tx) => {
    const done = await change(tx);
    await tracer.record(tx, { actor: actorOf(caller), ...draftOf(done.traced) });
    return done.result;
  });
}

const draftOf = ({ action, objects, changes, project }: Traced) => ({
  action,
  objects,
  ...(changes !== undefined && { changes: [...changes] }),
  ...(project !== undefined && { project }),
});
