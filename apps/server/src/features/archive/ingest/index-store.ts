import { type Actor, actorKey, type Sha256 } from '@isocenter/contract';
import type { Pool } from 'pg';
import { type EntryParts, entryParts, type TracedStudy, type Tracer } from '../../../platform/tracer/index.ts';
import type { Claim } from './claim-store.ts';
import type { InstanceRecord } from './instance-record.ts';

/** An instance whose object is durable, to be entered into the index. */
export interface Entry {
  readonly record: InstanceRecord;
  readonly sha256: Sha256;
  readonly size: number;
  /** Ends when the instance is entered. A staged object has none. */
  readonly claim?: Claim;
  /** Who sent it. */
  readonly actor: Actor;
}

export type EntryOutcome =
  | { readonly kind: 'entered' }
  /** There is an instance with this UID in the area; its object may be the same or another. */
  | {
      readonly kind: 'taken';
      readonly sha256: Sha256;
      readonly dataSetOffset: number;
      readonly size: number;
      readonly seriesInstanceUid: string;
    };

interface TakenRow {
  readonly place: number;
  readonly sha256: Buffer;
  readonly data_set_offset: number;
  readonly size_bytes: number;
  readonly series_instance_uid: string;
}

/**
 * Enters instances into the index in one transaction, with the entries of the log about them: when it returns, they can be
 * found and are durable. Rows are taken in one order (by UID), so that several writers never wait for each other in a circle.
 */
export async function enterInstances(pool: Pool, tracer: Tracer, entries: readonly Entry[]): Promise<EntryOutcome[]> {
  const { rows } = await pool.query<TakenRow>({
    name: 'enter-instances',
    text: 'select * from enter_instances_traced($1, $2, $3)',
    values: [
      JSON.stringify(batchOf(entries)),
      Buffer.concat(entries.map(({ record }) => record.instance.metadata)),
      JSON.stringify(traceOf(tracer, entries)),
    ],
  });
  const outcomes: EntryOutcome[] = entries.map(() => ({ kind: 'entered' }));
  for (const row of rows) {
    outcomes[row.place - 1] = {
      kind: 'taken',
      sha256: row.sha256.toString('hex') as Sha256,
      dataSetOffset: row.data_set_offset,
      size: row.size_bytes,
      seriesInstanceUid: row.series_instance_uid,
    };
  }
  return outcomes;
}

/**
 * Whether a failure of {@link enterInstances} is one entry's fault and not the database's: a value that it can't hold
 * (SQLSTATE 22, 23, 54), a deadlock (40), a claim or something else that is gone meanwhile (IS).
 */
export function isAboutOneEntry(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(22|23|40|54|IS)[0-9A-Z]{3}$/.test(code);
}

/** What the function of the database takes: studies and series once each, in order of their UIDs. */
function batchOf(entries: readonly Entry[]): unknown {
  const studies = new Map<string, unknown>();
  const series = new Map<string, unknown>();
  for (const { record } of entries) {
    const { zone, id: area } = record.area;
    const { study } = record;
    // A series UID that stands in two studies, which the standard forbids and some archives hold, is two series.
    const keys = [`${area}/${study.uid}`, `${area}/${study.uid}/${record.series.uid}`] as const;
    if (!studies.has(keys[0])) studies.set(keys[0], { area, zone, ...study });
    if (!series.has(keys[1])) series.set(keys[1], { area, zone, study: study.uid, ...record.series });
  }
  let headerFrom = 1;
  const instances = entries.map((entry, index) => {
    const headerLength = entry.record.instance.metadata.length;
    const row = { ...instanceOf(entry), place: index + 1, headerFrom, headerLength };
    headerFrom += headerLength;
    return row;
  });
  return { studies: inOrder(studies), series: inOrder(series), instances };
}

/** One entry of the log for each sender and study. */
function traceOf(tracer: Tracer, entries: readonly Entry[]): EntryParts[] {
  const studies = new Map<string, TracedStudy & { instances: TracedStudy['instances'][number][] }>();
  for (const [index, { actor, record, sha256 }] of entries.entries()) {
    const { area, study, instance } = record;
    const key = JSON.stringify([actorKey(actor), area.id, study.uid]);
    const { zone, project } = area;
    const traced = studies.get(key) ?? {
      actor,
      zone,
      ...(project !== null && { project }),
      studyInstanceUid: study.uid,
      instances: [],
    };
    traced.instances.push({ place: index + 1, sopInstanceUid: instance.sopInstanceUid, sha256 });
    studies.set(key, traced);
  }
  return [...studies.values()].flatMap((study) => entryParts(tracer, study));
}

const inOrder = (rows: ReadonlyMap<string, unknown>): unknown[] =>
  [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);

function instanceOf({ record, sha256, size, claim }: Entry): object {
  const { area, study, series, instance } = record;
  return {
    area: area.id,
    zone: area.zone,
    study: study.uid,
    series: series.uid,
    uid: instance.sopInstanceUid,
    class: instance.sopClassUid,
    number: instance.number,
    syntax: instance.transferSyntaxUid,
    rows: instance.rows,
    columns: instance.columns,
    bits: smallint(instance.bitsAllocated),
    frames: instance.numberOfFrames,
    sha256,
    size,
    offset: instance.dataSetOffset,
    pixels: instance.pixelData,
    claim: claim?.claimId ?? null,
  };
}

const smallint = (value: number | null): number | null => (value !== null && Math.abs(value) < 32_768 ? value : null);
