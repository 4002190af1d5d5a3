import type { EventData, Zone } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Tables } from '../../platform/database/database.ts';
import type { Log } from '../../platform/log.ts';
import type { ObjectStore, Spool, Staging } from '../../platform/storage/index.ts';
import type { Threads } from '../../platform/threads/index.ts';
import type { Tracer } from '../../platform/tracer/index.ts';
import type { Areas } from '../directory/index.ts';
import type { Claimant } from './ingest/claimant.ts';
import type { Ingest } from './ingest/ingest.ts';

/** What the archive's routes work with. */
export interface Archive {
  readonly pool: Pool;
  readonly db: Kysely<Tables>;
  readonly spool: Spool;
  /** Every object, also one that is kept recompressed. */
  readonly objects: ObjectStore;
  /** Objects as they really lie, for recompressing. */
  readonly originals: ObjectStore;
  /** Where objects are files. */
  readonly staging?: Staging;
  readonly claimant: Claimant;
  readonly recompress: boolean;
  readonly threads: Threads;
  readonly ingest: Ingest;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly areas: Areas;
  /** Where instances go that are sent without naming a zone. */
  readonly storeZone: Zone;
  /** The address under which the world sees the server; else each request's own. */
  readonly publicUrl?: string;
  readonly maxBodyBytes: number;
  /** Tells the world that a study changed. */
  readonly onChanged: (change: EventData<'study.changed'>) => void;
  /** After the last request and job; the storage is closed by whoever opened it. */
  close(): Promise<void>;
}
