import type { Sha256, Zone } from '@isocenter/contract';
import type { Pool, PoolClient } from 'pg';
import { type Claim, ClaimLost, endClaims } from './claim-store.ts';
import type { InstanceRecord, SeriesRecord, StudyRecord } from './instance-record.ts';

/** An instance whose object lies in the store, to be entered into the index. */
export interface Entry {
  readonly record: InstanceRecord;
  readonly sha256: Sha256;
  readonly size: number;
  readonly claim: Claim;
}

export type EntryOutcome =
  | { readonly kind: 'entered' }
  /** There is an instance with this UID in the zone; its object may be the same or another. */
  | {
      readonly kind: 'taken';
      readonly sha256: Sha256;
      readonly dataSetOffset: number;
      readonly size: number;
      readonly seriesInstanceUid: string;
    };

/**
 * Enters instances into the index in one transaction: when it returns, they can be found and are durable. Rows are
 * taken in one order (by UID), so that several writers never wait for each other in a circle.
 */
export async function enterInstances(pool: Pool, entries: readonly Entry[]): Promise<EntryOutcome[]> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const studyIds = await enterStudies(client, entries);
    const seriesIds = await enterSeries(client, entries, studyIds);
    const entered = await enterRows(client, entries, studyIds, seriesIds);
    const taken = await takenBy(
      client,
      entries.filter((entry) => !entered.has(entry)),
    );
    const fresh = entries.filter((entry) => entered.has(entry));
    await count(client, fresh, studyIds, seriesIds);
    await dropEmpty(client, studyIds, seriesIds, fresh.length < entries.length);
    await endClaims(
      client,
      fresh.map(({ claim }) => claim),
    );
    await client.query('commit');
    return entries.map((entry) => taken.get(entry) ?? { kind: 'entered' });
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** An instance that stood in the way was deleted between two statements: there is room now. */
class Vanished extends Error {
  override readonly name = 'Vanished';
}

/**
 * Whether a failure of {@link enterInstances} is one entry's fault and not the database's: a value that it can't hold
 * (SQLSTATE 22, 23, 54), a deadlock (40), something that was deleted meanwhile.
 */
export function isAboutOneEntry(error: unknown): boolean {
  if (error instanceof ClaimLost || error instanceof Vanished) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(22|23|40|54)[0-9A-Z]{3}$/.test(code);
}

const keyOf = (zone: Zone, uid: string): string => `${zone}/${uid}`;

/** One row for each distinct key, in order of the keys. */
function distinct<T>(entries: readonly Entry[], key: (entry: Entry) => string, value: (entry: Entry) => T): T[] {
  const found = new Map<string, T>();
  for (const entry of entries) if (!found.has(key(entry))) found.set(key(entry), value(entry));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const studyKey = ({ record }: Entry): string => keyOf(record.zone, record.study.uid);
/** A series UID that stands in two studies, which the standard forbids and some archives hold, is two series. */
const seriesKey = ({ record }: Entry): string => `${keyOf(record.zone, record.study.uid)}/${record.series.uid}`;

async function enterStudies(client: PoolClient, entries: readonly Entry[]): Promise<Map<string, number>> {
  const rows = distinct(entries, studyKey, ({ record }) => ({ zone: record.zone, ...record.study }));
  const column = <K extends keyof StudyRecord>(name: K): StudyRecord[K][] => rows.map((row) => row[name]);
  const found = await client.query<{ id: number; zone: Zone; uid: string }>({
    name: 'enter-studies',
    // A row that is there is locked by the empty update, so that it can't be deleted before the commit.
    text: `insert into study (zone, study_instance_uid, patient_id, patient_name_key, patient_birth_date, patient_sex, study_date,
        study_time, accession_number, referring_physician_name_key, study_id, study_description_key, attributes)
      select * from unnest($1::zone[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::date[], $8::time[], $9::text[],
        $10::text[], $11::text[], $12::text[], $13::json[])
      on conflict (study_instance_uid, zone) do update set study_instance_uid = excluded.study_instance_uid
      returning id, zone, study_instance_uid as uid`,
    values: [
      rows.map(({ zone }) => zone),
      column('uid'),
      column('patientId'),
      column('patientNameKey'),
      column('patientBirthDate'),
      column('patientSex'),
      column('date'),
      column('time'),
      column('accessionNumber'),
      column('referringPhysicianNameKey'),
      column('id'),
      column('descriptionKey'),
      column('attributes'),
    ],
  });
  return new Map(found.rows.map(({ id, zone, uid }) => [keyOf(zone, uid), id]));
}

async function enterSeries(
  client: PoolClient,
  entries: readonly Entry[],
  studies: Map<string, number>,
): Promise<Map<string, number>> {
  const rows = distinct(entries, seriesKey, (entry) => ({
    study: studies.get(studyKey(entry)),
    zone: entry.record.zone,
    ...entry.record.series,
  }));
  const column = <K extends keyof SeriesRecord>(name: K): SeriesRecord[K][] => rows.map((row) => row[name]);
  const found = await client.query<{ id: number; study_id: number; uid: string }>({
    name: 'enter-series',
    text: `insert into series (study_id, zone, series_instance_uid, modality, series_number, performed_procedure_step_start_date,
        performed_procedure_step_start_time, scheduled_procedure_step_ids, requested_procedure_ids, series_description_key,
        body_part_examined, manufacturer_key, attributes)
      select study_id, zone, uid, modality, number, step_date, step_time,
        array(select json_array_elements_text(step_ids)), array(select json_array_elements_text(procedure_ids)),
        description, body_part, manufacturer, attributes
      from unnest($1::bigint[], $2::zone[], $3::text[], $4::text[], $5::int[], $6::date[], $7::time[], $8::json[], $9::json[], $10::text[],
        $11::text[], $12::text[], $13::json[]) as row (study_id, zone, uid, modality, number, step_date, step_time, step_ids,
        procedure_ids, description, body_part, manufacturer, attributes)
      on conflict (study_id, series_instance_uid) do update set series_instance_uid = excluded.series_instance_uid
      returning id, study_id, series_instance_uid as uid`,
    values: [
      rows.map(({ study }) => study),
      rows.map(({ zone }) => zone),
      column('uid'),
      column('modality'),
      column('number'),
      column('stepStartDate'),
      column('stepStartTime'),
      rows.map((row) => JSON.stringify(row.scheduledProcedureStepIds)),
      rows.map((row) => JSON.stringify(row.requestedProcedureIds)),
      column('descriptionKey'),
      column('bodyPartExamined'),
      column('manufacturerKey'),
      column('attributes'),
    ],
  });
  const studyKeys = new Map([...studies].map(([key, id]) => [id, key]));
  return new Map(found.rows.map(({ id, study_id, uid }) => [`${studyKeys.get(study_id)}/${uid}`, id]));
}

/** Enters the instances that aren't there yet, with their headers; returns those. */
async function enterRows(
  client: PoolClient,
  entries: readonly Entry[],
  studies: Map<string, number>,
  series: Map<string, number>,
): Promise<Set<Entry>> {
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    const key = keyOf(entry.record.zone, entry.record.instance.sopInstanceUid);
    if (!first.has(key)) first.set(key, entry);
  }
  const rows = [...first].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const each = <T>(value: (entry: Entry) => T): T[] => rows.map(value);
  const inserted = await client.query<{ zone: Zone; uid: string }>({
    name: 'enter-instances',
    text: `with source as (
        select * from unnest($1::bigint[], $2::bigint[], $3::zone[], $4::text[], $5::text[], $6::int[], $7::text[], $8::int[], $9::int[],
          $10::smallint[], $11::int[], $12::bytea[], $13::bigint[], $14::int[], $15::bytea[], $16::json[])
          as row (series_id, study_id, zone, sop_instance_uid, sop_class_uid, instance_number, transfer_syntax_uid, rows, columns,
            bits_allocated, number_of_frames, sha256, size_bytes, data_set_offset, metadata, pixel_data)
      ), entered as (
        insert into instance (series_id, study_id, zone, sop_instance_uid, sop_class_uid, instance_number, transfer_syntax_uid, rows,
          columns, bits_allocated, number_of_frames, sha256, size_bytes, data_set_offset)
        select series_id, study_id, zone, sop_instance_uid, sop_class_uid, instance_number, transfer_syntax_uid, rows, columns,
          bits_allocated, number_of_frames, sha256, size_bytes, data_set_offset from source
        on conflict (sop_instance_uid, zone) do nothing
        returning id, zone, sop_instance_uid
      ), headers as (
        insert into instance_header (instance_id, metadata, pixel_data)
        select entered.id, source.metadata, source.pixel_data
        from entered join source using (zone, sop_instance_uid)
      )
      select zone, sop_instance_uid as uid from entered`,
    values: [
      each((e) => series.get(seriesKey(e))),
      each((e) => studies.get(studyKey(e))),
      each((e) => e.record.zone),
      each((e) => e.record.instance.sopInstanceUid),
      each((e) => e.record.instance.sopClassUid),
      each((e) => e.record.instance.number),
      each((e) => e.record.instance.transferSyntaxUid),
      each((e) => e.record.instance.rows),
      each((e) => e.record.instance.columns),
      each((e) => smallint(e.record.instance.bitsAllocated)),
      each((e) => e.record.instance.numberOfFrames),
      each((e) => Buffer.from(e.sha256, 'hex')),
      each((e) => e.size),
      each((e) => e.record.instance.dataSetOffset),
      each((e) => e.record.instance.metadata),
      each((e) => e.record.instance.pixelData && JSON.stringify(e.record.instance.pixelData)),
    ],
  });
  return new Set(inserted.rows.map(({ zone, uid }) => first.get(keyOf(zone, uid))!));
}

const smallint = (value: number | null): number | null => (value !== null && Math.abs(value) < 32_768 ? value : null);

async function takenBy(client: PoolClient, entries: readonly Entry[]): Promise<Map<Entry, EntryOutcome>> {
  if (entries.length === 0) return new Map();
  const found = await client.query<{
    zone: Zone;
    uid: string;
    sha256: string;
    data_set_offset: number;
    size_bytes: number;
    series_uid: string;
  }>({
    name: 'find-taken',
    text: `select instance.zone, sop_instance_uid as uid, encode(sha256, 'hex') as sha256, data_set_offset, instance.size_bytes,
        series.series_instance_uid as series_uid
      from instance join series on series.id = series_id
      where (instance.zone, sop_instance_uid) in (select * from unnest($1::zone[], $2::text[]))`,
    values: [entries.map(({ record }) => record.zone), entries.map(({ record }) => record.instance.sopInstanceUid)],
  });
  const byKey = new Map(found.rows.map((row) => [keyOf(row.zone, row.uid), row]));
  return new Map(
    entries.map((entry) => {
      const row = byKey.get(keyOf(entry.record.zone, entry.record.instance.sopInstanceUid));
      if (!row) throw new Vanished('An instance was deleted while it was compared');
      return [
        entry,
        {
          kind: 'taken',
          sha256: row.sha256 as Sha256,
          dataSetOffset: row.data_set_offset,
          size: row.size_bytes,
          seriesInstanceUid: row.series_uid,
        },
      ];
    }),
  );
}

interface Sum {
  id: number;
  instances: number;
  frames: number;
  bytes: number;
  modality: string;
  sopClasses: Set<string>;
  transferSyntaxes: Set<string>;
  rows: number | null;
  columns: number | null;
  pixels: boolean;
}

function sums(entries: readonly Entry[], idOf: (entry: Entry) => number): Sum[] {
  const all = new Map<number, Sum>();
  for (const entry of entries) {
    const { instance, series } = entry.record;
    const id = idOf(entry);
    const sum = all.get(id) ?? {
      id,
      instances: 0,
      frames: 0,
      bytes: 0,
      modality: series.modality,
      sopClasses: new Set<string>(),
      transferSyntaxes: new Set<string>(),
      rows: null,
      columns: null,
      pixels: false,
    };
    sum.instances++;
    sum.frames += instance.pixelData ? (instance.numberOfFrames ?? 1) : 0;
    sum.bytes += entry.size;
    sum.sopClasses.add(instance.sopClassUid);
    sum.transferSyntaxes.add(instance.transferSyntaxUid);
    sum.rows ??= instance.rows;
    sum.columns ??= instance.columns;
    sum.pixels ||= instance.pixelData !== null;
    all.set(id, sum);
  }
  return [...all.values()].sort((a, b) => a.id - b.id);
}

/** Brings the counts of studies and series up to date, and marks what was made of them as stale. */
async function count(
  client: PoolClient,
  fresh: readonly Entry[],
  studies: Map<string, number>,
  series: Map<string, number>,
): Promise<void> {
  if (fresh.length === 0) return;
  const bySeries = sums(fresh, (entry) => series.get(seriesKey(entry))!);
  await client.query({
    name: 'count-series',
    text: `update series set instance_count = instance_count + row.instances, frame_count = frame_count + row.frames,
        size_bytes = size_bytes + row.bytes, revision = revision + 1, has_pixels = has_pixels or row.pixels,
        rows = coalesce(series.rows, row.height), columns = coalesce(series.columns, row.width),
        sop_class_uids = union_of(sop_class_uids, row.classes), transfer_syntax_uids = union_of(transfer_syntax_uids, row.syntaxes)
      from unnest($1::bigint[], $2::int[], $3::bigint[], $4::bigint[], $5::boolean[], $6::int[], $7::int[], $8::json[], $9::json[])
        as row (id, instances, frames, bytes, pixels, height, width, classes, syntaxes)
      where series.id = row.id`,
    values: [
      bySeries.map((s) => s.id),
      bySeries.map((s) => s.instances),
      bySeries.map((s) => s.frames),
      bySeries.map((s) => s.bytes),
      bySeries.map((s) => s.pixels),
      bySeries.map((s) => s.rows),
      bySeries.map((s) => s.columns),
      bySeries.map((s) => JSON.stringify([...s.sopClasses])),
      bySeries.map((s) => JSON.stringify([...s.transferSyntaxes])),
    ],
  });
  const byStudy = sums(fresh, (entry) => studies.get(studyKey(entry))!);
  const modalities = new Map<number, Set<string>>();
  for (const entry of fresh) {
    const id = studies.get(studyKey(entry))!;
    if (entry.record.series.modality)
      modalities.set(id, (modalities.get(id) ?? new Set()).add(entry.record.series.modality));
  }
  await client.query({
    name: 'count-studies',
    text: `update study set instance_count = instance_count + row.instances, size_bytes = size_bytes + row.bytes,
        series_count = (select count(*) from series where series.study_id = study.id),
        modalities = union_of(study.modalities, row.modalities), sop_class_uids = union_of(sop_class_uids, row.classes),
        revision = revision + 1, changed_at = now()
      from unnest($1::bigint[], $2::int[], $3::bigint[], $4::json[], $5::json[]) as row (id, instances, bytes, modalities, classes)
      where study.id = row.id`,
    values: [
      byStudy.map((s) => s.id),
      byStudy.map((s) => s.instances),
      byStudy.map((s) => s.bytes),
      byStudy.map((s) => JSON.stringify([...(modalities.get(s.id) ?? [])])),
      byStudy.map((s) => JSON.stringify([...s.sopClasses])),
    ],
  });
}

/** An instance that turned out to be there under other parents may have left a series or study without instances. */
async function dropEmpty(
  client: PoolClient,
  studies: Map<string, number>,
  series: Map<string, number>,
  possible: boolean,
): Promise<void> {
  if (!possible) return;
  await client.query('delete from series where id = any($1::bigint[]) and instance_count = 0', [[...series.values()]]);
  await client.query('delete from study where id = any($1::bigint[]) and instance_count = 0', [[...studies.values()]]);
}
