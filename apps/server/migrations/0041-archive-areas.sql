-- Instances lie in areas (IAM-8): a UID is unique within its area, so that what one site stores says nothing of another's.

alter table study add column area_id integer references area;
alter table series add column area_id integer;
alter table instance add column area_id integer;
update study set area_id = area.id from area where area.zone = study.zone and project_id is null;
update series set area_id = area.id from area where area.zone = series.zone and project_id is null;
update instance set area_id = area.id from area where area.zone = instance.zone and project_id is null;
alter table study alter column area_id set not null;
alter table series alter column area_id set not null;
alter table instance alter column area_id set not null;

alter table study drop constraint study_study_instance_uid_zone_key, add unique (study_instance_uid, area_id);
alter table instance drop constraint instance_sop_instance_uid_zone_key, add unique (sop_instance_uid, area_id);
drop index series_by_uid;
create index series_by_uid on series (series_instance_uid, area_id);
-- What one area has, in the order of lists: a caller of a small site waits for no larger one.
create index study_by_area on study (area_id, received_at desc, id desc);
create index series_by_area on series (area_id, id);
create index instance_by_area on instance (area_id, id);

create type study_place as (area integer, uid text);

drop function lock_studies(study_name[]);
drop type study_name;

-- Whoever changes what a study holds locks it first, always in the same order, so that nobody waits in a circle. The lock
-- is on the name and not on the row: the row may come and go meanwhile.
create function lock_studies(places study_place[]) returns void language sql as $$
  select pg_advisory_xact_lock(key)
  from (select distinct hashtextextended(place.area || '/' || place.uid, 0) as key from unnest(places) as place order by key) as ordered
$$;

-- `batch` holds `studies`, `series` and `instances`, the first two once each; `headers` the instances' metadata, one after
-- the other, each of the length and from the place that its instance says. Answers those that could not be entered because their UID is taken, by place from 1, and what is there.
-- SQLSTATE IS001: a claim is gone; IS002: what stood in the way is gone. In both nothing is entered.
create or replace function enter_instances(batch json, headers bytea)
returns table (place integer, sha256 bytea, data_set_offset integer, size_bytes bigint, series_instance_uid text)
language plpgsql as $$
#variable_conflict use_column
declare
  wanted integer := json_array_length(batch -> 'instances');
  fresh integer[];
  ended integer;
  there integer;
begin
  -- The cleaner's lock: what is entered without a claim may not be deleted in the same moment (see claim-store.ts).
  perform pg_advisory_xact_lock_shared(7105117);
  perform lock_studies((select array_agg((area, uid)::study_place) from json_to_recordset(batch -> 'studies') as row (area integer, uid text)));

  insert into study (area_id, zone, study_instance_uid, patient_id, patient_name_key, patient_birth_date, patient_sex, study_date, study_time,
    accession_number, referring_physician_name_key, study_id, study_description_key, attributes)
  select area, zone, uid, "patientId", "patientNameKey", "patientBirthDate", "patientSex", date, "time", "accessionNumber",
    "referringPhysicianNameKey", id, "descriptionKey", attributes::json
  from json_to_recordset(batch -> 'studies') as row (area integer, zone zone, uid text, "patientId" text, "patientNameKey" text,
    "patientBirthDate" date, "patientSex" text, date date, "time" time, "accessionNumber" text, "referringPhysicianNameKey" text,
    id text, "descriptionKey" text, attributes text)
  on conflict do nothing;

  insert into series (study_id, area_id, zone, series_instance_uid, modality, series_number, performed_procedure_step_start_date,
    performed_procedure_step_start_time, scheduled_procedure_step_ids, requested_procedure_ids, series_description_key,
    body_part_examined, manufacturer_key, attributes)
  select study.id, row.area, row.zone, row.uid, row.modality, number, "stepStartDate", "stepStartTime", "scheduledProcedureStepIds",
    "requestedProcedureIds", "descriptionKey", "bodyPartExamined", "manufacturerKey", row.attributes::json
  from json_to_recordset(batch -> 'series') as row (area integer, zone zone, study text, uid text, modality text, number integer,
    "stepStartDate" date, "stepStartTime" time, "scheduledProcedureStepIds" text[], "requestedProcedureIds" text[],
    "descriptionKey" text, "bodyPartExamined" text, "manufacturerKey" text, attributes text)
  join study on study_instance_uid = row.study and study.area_id = row.area
  on conflict do nothing;

  with source as materialized (
    select distinct on (row.area, row.uid) row.*, series.id as series_id, series.study_id
    from json_to_recordset(batch -> 'instances') as row (place integer, area integer, zone zone, study text, series text, uid text, class text,
      number integer, syntax text, rows integer, columns integer, bits smallint, frames integer, sha256 text, size bigint,
      "offset" integer, pixels json, "headerFrom" integer, "headerLength" integer)
    join study on study_instance_uid = row.study and study.area_id = row.area
    join series on series.study_id = study.id and series.series_instance_uid = row.series
    order by row.area, row.uid, row.place
  ), entered as (
    insert into instance (series_id, study_id, area_id, zone, sop_instance_uid, sop_class_uid, instance_number, transfer_syntax_uid, rows,
      columns, bits_allocated, number_of_frames, sha256, size_bytes, data_set_offset)
    select series_id, study_id, area, zone, uid, class, number, syntax, rows, columns, bits, frames, decode(sha256, 'hex'), size, "offset"
    from source
    order by place -- in the order in which they came, as searches without another order answer them
    on conflict do nothing
    returning id, area_id, sop_instance_uid
  ), kept as (
    insert into instance_header (instance_id, metadata, pixel_data)
    select entered.id, substring(headers from source."headerFrom" for source."headerLength"), source.pixels
    from entered join source on source.uid = sop_instance_uid and source.area = entered.area_id
  )
  select coalesce(array_agg(source.place), '{}') into fresh
  from entered join source on source.uid = sop_instance_uid and source.area = entered.area_id;

  with added as materialized (
    select series.id, series.study_id, count(*) as instances, sum(row.size) as bytes,
      sum(case when row.pixels is null then 0 else coalesce(row.frames, 1) end) as frames,
      bool_or(row.pixels is not null) as pixels, min(row.rows) as height, min(row.columns) as width,
      json_agg(distinct row.class) as classes, json_agg(distinct row.syntax) as syntaxes,
      coalesce(json_agg(distinct series.modality) filter (where series.modality <> ''), '[]') as modalities
    from json_to_recordset(batch -> 'instances') as row (place integer, area integer, study text, series text, class text, syntax text,
      rows integer, columns integer, frames integer, size bigint, pixels json)
    join study on study_instance_uid = row.study and study.area_id = row.area
    join series on series.study_id = study.id and series.series_instance_uid = row.series
    where row.place = any(fresh)
    group by series.id
  ), counted as (
    update series set instance_count = instance_count + added.instances, frame_count = frame_count + added.frames,
      size_bytes = size_bytes + added.bytes, revision = revision + 1, has_pixels = has_pixels or added.pixels,
      rows = coalesce(series.rows, added.height), columns = coalesce(series.columns, added.width),
      sop_class_uids = union_of(sop_class_uids, added.classes), transfer_syntax_uids = union_of(transfer_syntax_uids, added.syntaxes)
    from (select * from added order by id) as added
    where series.id = added.id
  )
  update study set instance_count = instance_count + total.instances, size_bytes = size_bytes + total.bytes,
    series_count = (select count(*) from series where series.study_id = study.id),
    modalities = union_of(study.modalities, total.modalities), sop_class_uids = union_of(study.sop_class_uids, total.classes),
    revision = revision + 1, changed_at = now()
  from (
    select study_id, sum(instances) as instances, sum(bytes) as bytes,
      (select json_agg(value) from added as one, json_array_elements_text(one.modalities) where one.study_id = added.study_id) as modalities,
      (select json_agg(value) from added as one, json_array_elements_text(one.classes) where one.study_id = added.study_id) as classes
    from added group by study_id order by study_id
  ) as total
  where study.id = total.study_id;

  -- An instance that is there under other parents may have left a series or study without instances.
  if cardinality(fresh) < wanted then
    delete from series using json_to_recordset(batch -> 'series') as row (area integer, uid text)
    where series.series_instance_uid = row.uid and series.area_id = row.area and instance_count = 0;
    delete from study using json_to_recordset(batch -> 'studies') as row (area integer, uid text)
    where study.study_instance_uid = row.uid and study.area_id = row.area and instance_count = 0;
  end if;

  delete from object_claim
  using json_to_recordset(batch -> 'instances') as row (place integer, claim uuid)
  where claim_id = row.claim and row.place = any(fresh);
  get diagnostics ended = row_count;
  if ended <> (
    select count(*) from json_to_recordset(batch -> 'instances') as row (place integer, claim uuid)
    where claim is not null and row.place = any(fresh)
  ) then
    raise exception 'a claim was settled while its object was being stored' using errcode = 'IS001';
  end if;

  return query
    select row.place, instance.sha256, instance.data_set_offset, instance.size_bytes, series.series_instance_uid
    from json_to_recordset(batch -> 'instances') as row (place integer, area integer, uid text)
    join instance on sop_instance_uid = row.uid and instance.area_id = row.area
    join series on series.id = instance.series_id
    where not row.place = any(fresh);
  get diagnostics there = row_count;
  if there + cardinality(fresh) <> wanted then
    raise exception 'what stood in the way of an instance is gone' using errcode = 'IS002';
  end if;
end
$$;
