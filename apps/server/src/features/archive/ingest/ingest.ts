import type { Actor, Sha256 } from '@isocenter/contract';
import { DicomError, type Part10, Part10Reader, type ReadOptions } from '@isocenter/dicom';
import type { Pool } from 'pg';
import type { Log } from '../../../platform/log.ts';
import {
  type ObjectStore,
  type Spool,
  type SpooledFile,
  type SpoolFile,
  type Staging,
  StorageError,
} from '../../../platform/storage/index.ts';
import type { Tracer } from '../../../platform/tracer/index.ts';
import type { Area } from '../../directory/index.ts';
import { Batcher } from './batcher.ts';
import type { Claim } from './claim-store.ts';
import type { Claimant } from './claimant.ts';
import type { FailureReason, StoreOutcome } from './failure-reason.ts';
import { type Entry, type EntryOutcome, enterInstances, isAboutOneEntry } from './index-store.ts';
import { describeInstance, INLINE_LIMIT, type InstanceRecord } from './instance-record.ts';
import { OwnClaims } from './own-claims.ts';
import { sameDataSet } from './same-data-set.ts';

export interface IngestContext {
  readonly area: Area;
  /** Who sends it: the log says so. */
  readonly actor: Actor;
  /** Instances of other studies are refused (STOW-RS to one study). */
  readonly studyInstanceUid?: string;
  /** Of a data set that comes without file meta information. */
  readonly transferSyntaxUid?: string;
}

export interface IngestParts {
  readonly pool: Pool;
  readonly spool: Spool;
  readonly objects: ObjectStore;
  /** Where objects are files; elsewhere they are claimed. */
  readonly staging?: Staging;
  readonly claimant: Pick<Claimant, 'number' | 'onReconnected'>;
  readonly tracer: Tracer;
  readonly log: Log;
  /** Told of every commit. */
  readonly onStored?: (records: readonly InstanceRecord[], bytes: number) => void;
}

/** Instances that share one transaction; more gains nothing and makes the first of them wait. */
const BATCH = 64;
/** Memory that one instance's header may take while it is read. */
const HEADER_LIMIT = 128 * 1024 * 1024;

/** An instance on its way into the index, and its staged file where there is one. */
interface Coming extends Entry {
  readonly staged?: SpooledFile;
}

/**
 * Takes instances in. Each is spooled while it is read, made durable, entered into the index, and only then reported as
 * stored. Killed between any two steps, what was reported is there, and what wasn't is either whole or cleaned away:
 * files lie in the spool until they are entered; objects that are put into a store are claimed before.
 */
export class Ingest {
  private readonly parts: IngestParts;
  private readonly claims: OwnClaims;
  private readonly claiming: Batcher<Sha256, Claim>;
  private readonly entries: Batcher<Coming, EntryOutcome | Refused>;

  constructor(parts: IngestParts) {
    this.parts = parts;
    this.claims = new OwnClaims(parts.pool, parts.claimant);
    this.claiming = new Batcher(BATCH, (objects) => this.claims.begin(objects));
    this.entries = new Batcher(BATCH, (entries) => this.enter(entries));
  }

  /** Receives one instance, as a DICOM file or a bare data set, to the end of `source`. Throws only what `source` throws. */
  async receive(source: AsyncIterable<Uint8Array>, context: IngestContext): Promise<StoreOutcome> {
    const arrival = await this.spool(source, context);
    return arrival.ok ? this.store(arrival, context) : arrival.outcome;
  }

  /**
   * Receives one instance and answers as soon as its bytes are read; the outcome follows. For senders whose next
   * instance comes on the same stream.
   */
  async receiveFirst(
    source: AsyncIterable<Uint8Array>,
    context: IngestContext,
  ): Promise<{ outcome: Promise<StoreOutcome> }> {
    const arrival = await this.spool(source, context);
    return { outcome: arrival.ok ? this.store(arrival, context) : Promise.resolve(arrival.outcome) };
  }

  /** Reads on when the bytes can't be kept, so that the answer can name the instance. */
  private async spool(source: AsyncIterable<Uint8Array>, context: IngestContext): Promise<Arrival> {
    const reading = new Reading(context, this.parts.log);
    let file: SpoolFile | undefined;
    let unkept: unknown;
    try {
      for await (const chunk of source) {
        reading.push(chunk);
        if (reading.hasFailed || unkept !== undefined) continue;
        try {
          file ??= await this.parts.spool.create();
          await file.write(chunk);
        } catch (error) {
          unkept = error;
        }
      }
    } catch (error) {
      await file?.discard();
      throw error;
    }
    const part10 = reading.end();
    if (!('kind' in part10) && file && unkept === undefined) return { ok: true, file, part10 };
    await file?.discard();
    if ('kind' in part10) return { ok: false, outcome: part10 };
    const described = this.describe(part10, context);
    return { ok: false, outcome: this.storageFailure(unkept, 'kind' in described ? undefined : described) };
  }

  private async store({ file, part10 }: Arrived, context: IngestContext): Promise<StoreOutcome> {
    const described = this.describe(part10, context);
    if ('kind' in described) {
      await file.discard();
      return described;
    }
    const record = described;
    if (context.studyInstanceUid !== undefined && record.study.uid !== context.studyInstanceUid) {
      await file.discard();
      return failed('does-not-match-sop-class', 'Study Instance UID differs from the one in the address', record);
    }
    try {
      return await (this.parts.staging
        ? this.commitStaged(record, file, this.parts.staging, context.actor)
        : this.commitClaimed(record, file, context.actor));
    } catch (error) {
      await file.discard().catch(() => undefined);
      return this.storageFailure(error, record);
    }
  }

  private async commitStaged(
    record: InstanceRecord,
    file: SpoolFile,
    staging: Staging,
    actor: Actor,
  ): Promise<StoreOutcome> {
    const staged = await file.finish();
    const { sha256, size } = staged;
    let outcome: EntryOutcome | Refused;
    try {
      outcome = await this.entries.add({ record, sha256, size, staged, actor });
    } catch (error) {
      // Whether it was committed nobody knows: the cleaner asks the index.
      await staging.leave(staged).catch(() => undefined);
      throw error;
    }
    if (outcome.kind === 'entered') return stored(record, false);
    if (outcome.kind === 'refused') throw outcome.error;
    const same = await this.isSame(record, { sha256, size }, outcome);
    await file.discard();
    return this.taken(record, same);
  }

  private describe(part10: Part10, context: IngestContext): InstanceRecord | StoreOutcome {
    try {
      const described = describeInstance(part10, context.area);
      if (described.ok) return described.record;
      return { kind: 'failed', instance: described.instance, reason: described.reason, detail: described.detail };
    } catch (error) {
      if (error instanceof DicomError) return failed('cannot-understand', error.message);
      this.parts.log.error({ err: error }, 'an instance could not be described');
      return failed('processing-failure', 'Its metadata could not be made');
    }
  }

  private async commitClaimed(record: InstanceRecord, file: SpoolFile, actor: Actor): Promise<StoreOutcome> {
    const spooled = await file.finish();
    const { sha256, size } = spooled;
    const claim = await this.claiming.add(sha256);
    try {
      await this.parts.objects.put(sha256, spooled);
      const outcome = await this.entries.add({ record, sha256, size, claim, actor });
      if (outcome.kind === 'refused') throw outcome.error;
      if (outcome.kind === 'entered') return stored(record, false);
      const same = await this.isSame(record, { sha256, size }, outcome);
      await this.claims.abandon(claim);
      return this.taken(record, same);
    } catch (error) {
      await this.claims.abandon(claim);
      throw error;
    }
  }

  private async enter(entries: readonly Coming[]): Promise<(EntryOutcome | Refused)[]> {
    const outcomes = await this.enterTogether(entries);
    const fresh = entries.filter((_, i) => outcomes[i]!.kind === 'entered');
    if (fresh.length > 0) {
      await this.place(fresh);
      this.parts.onStored?.(
        fresh.map(({ record }) => record),
        fresh.reduce((sum, { size }) => sum + size, 0),
      );
    }
    return outcomes;
  }

  /** What can't be moved is durable and read where it lies; the cleaner places it when this process is gone. */
  private async place(entries: readonly Coming[]): Promise<void> {
    const { staging, log } = this.parts;
    await Promise.all(
      entries.map(async ({ staged }) => {
        if (staged) await staging?.place(staged).catch((err: unknown) => log.error({ err }, 'an object stays staged'));
      }),
    );
  }

  /** In one transaction; when one of them is at fault, each in its own, so that the others don't fail with it. */
  private async enterTogether(entries: readonly Entry[]): Promise<(EntryOutcome | Refused)[]> {
    const { pool, tracer } = this.parts;
    try {
      return await enterInstances(pool, tracer, entries);
    } catch (error) {
      if (!isAboutOneEntry(error)) throw error;
    }
    const outcomes: (EntryOutcome | Refused)[] = [];
    for (const entry of entries) {
      const alone = await enterInstances(pool, tracer, [entry]).catch((error: unknown): [Refused] => [
        { kind: 'refused', error },
      ]);
      outcomes.push(...alone);
    }
    return outcomes;
  }

  /** The UID is taken: fine when the data set is the same, whatever the file meta information around it says. */
  private async isSame(record: InstanceRecord, sent: Pick<Entry, 'sha256' | 'size'>, there: Taken): Promise<boolean> {
    if (there.sha256 === sent.sha256) return true;
    const { objects } = this.parts;
    return sameDataSet(
      objects,
      { ...sent, offset: record.instance.dataSetOffset },
      { sha256: there.sha256, size: there.size, offset: there.dataSetOffset },
    );
  }

  private taken(record: InstanceRecord, same: boolean): StoreOutcome {
    if (same) return stored(record, true);
    return failed('duplicate-sop-instance', 'Another data set is stored under this SOP Instance UID', record);
  }

  private storageFailure(error: unknown, record?: InstanceRecord): StoreOutcome {
    this.parts.log.error({ err: error }, 'an instance could not be stored');
    if (error instanceof StorageError) return failed('out-of-resources', error.message.replace(/\.$/, ''), record);
    if (isDatabaseAway(error)) return failed('out-of-resources', 'The index is not reachable', record);
    return failed('processing-failure', 'The index could not be written', record);
  }
}

/** The index can't hold this one. */
interface Refused {
  readonly kind: 'refused';
  readonly error: unknown;
}
type Taken = Extract<EntryOutcome, { kind: 'taken' }>;
type Arrived = { readonly ok: true; readonly file: SpoolFile; readonly part10: Part10 };
type Arrival = Arrived | { readonly ok: false; readonly outcome: StoreOutcome };

/** SQLSTATE 08, 53, 57P, and what Node and pg say of a socket. */
function isDatabaseAway(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return /^(08...|53...|57P..|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/.test(code);
  return (
    typeof message === 'string' && /^(Connection terminated|timeout exceeded when trying to connect)/.test(message)
  );
}

/** Reads a data set while it is spooled; what can't be read becomes an outcome. */
class Reading {
  private readonly reader: Part10Reader;
  private readonly log: Log;
  private empty = true;
  private failure: StoreOutcome | undefined;

  constructor(context: IngestContext, log: Log) {
    const options: ReadOptions = { keep: INLINE_LIMIT, keepTotal: HEADER_LIMIT };
    this.log = log;
    this.reader = new Part10Reader(
      context.transferSyntaxUid === undefined ? options : { ...options, transferSyntaxUid: context.transferSyntaxUid },
    );
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  push(chunk: Uint8Array): void {
    if (this.failure) return;
    this.empty &&= chunk.length === 0;
    try {
      this.reader.push(chunk);
    } catch (error) {
      this.failure = this.unreadable(error);
    }
  }

  end(): Part10 | StoreOutcome {
    if (this.failure) return this.failure;
    if (this.empty) return failed('cannot-understand', 'It is empty');
    try {
      return this.reader.end();
    } catch (error) {
      return this.unreadable(error);
    }
  }

  private unreadable(error: unknown): StoreOutcome {
    if (error instanceof DicomError) return failed('cannot-understand', error.message);
    this.log.error({ err: error }, 'an instance could not be read');
    return failed('processing-failure', 'It could not be read');
  }
}

function stored(record: InstanceRecord, alreadyThere: boolean): StoreOutcome {
  const { sopClassUid, sopInstanceUid, truncated } = record.instance;
  return {
    kind: 'stored',
    instance: { sopClassUid, sopInstanceUid },
    studyInstanceUid: record.study.uid,
    seriesInstanceUid: record.series.uid,
    alreadyThere,
    ...(truncated && { warning: 'pixel-data-incomplete' as const }),
  };
}

function failed(reason: FailureReason, detail: string, record?: InstanceRecord): StoreOutcome {
  const { sopClassUid, sopInstanceUid } = record?.instance ?? {};
  return {
    kind: 'failed',
    instance: sopClassUid && sopInstanceUid ? { sopClassUid, sopInstanceUid } : {},
    reason,
    detail,
  };
}
