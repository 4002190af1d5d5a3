-- The index of the archive (ARCH-4): studies, series and instances of each zone, found without reading an object.

create extension if not exists pg_trgm;

-- In order of the way that data takes: a later zone shadows an earlier one where both are seen at once.
create type zone as enum ('landing', 'staging', 'repository');

-- Distinct values of an array and a JSON array of strings, in order.
create function union_of(known text[], more json) returns text[] immutable parallel safe language sql
  return (select coalesce(array_agg(distinct value order by value), '{}')
          from (select unnest(known) as value union select json_array_elements_text(more)) as every);

create table study (
  id bigint generated always as identity primary key,
  zone zone not null,
  study_instance_uid text collate "C" not null,
  patient_id text collate "C" not null default '',
  -- Upper case, without accents; the three groups of (0010,0010) joined by '='. Only for finding.
  patient_name_key text collate "C" not null default '',
  patient_birth_date date,
  patient_sex text not null default '',
  study_date date,
  study_time time,
  accession_number text collate "C" not null default '',
  referring_physician_name_key text collate "C" not null default '',
  study_id text collate "C" not null default '',
  study_description_key text collate "C" not null default '',
  modalities text[] not null default '{}',
  sop_class_uids text[] not null default '{}',
  series_count integer not null default 0,
  instance_count integer not null default 0,
  size_bytes bigint not null default 0,
  -- The study's and patient's attributes in the DICOM JSON model, as the first instance had them.
  attributes json not null,
  received_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  -- Counts changes of what the study holds: what was computed from an older revision is stale.
  revision bigint not null default 1,
  unique (study_instance_uid, zone)
);
create index study_by_date on study (study_date desc nulls last, id desc);
create index study_by_received on study (received_at desc, id desc);
create index study_by_patient_id on study (patient_id text_pattern_ops);
create index study_by_patient_name on study (patient_name_key text_pattern_ops);
create index study_by_accession_number on study (accession_number text_pattern_ops);
create index study_by_study_id on study (study_id text_pattern_ops);
create index study_by_referring_physician on study (referring_physician_name_key text_pattern_ops);
create index study_by_modality on study using gin (modalities);
create index study_by_text on study using gin (
  (patient_name_key || ' ' || upper(patient_id) || ' ' || upper(accession_number) || ' ' || study_description_key) gin_trgm_ops
);

create table series (
  id bigint generated always as identity primary key,
  study_id bigint not null references study on delete cascade,
  zone zone not null,
  series_instance_uid text collate "C" not null,
  modality text collate "C" not null default '',
  series_number integer,
  performed_procedure_step_start_date date,
  performed_procedure_step_start_time time,
  -- Of the items of (0040,0275) Request Attributes Sequence.
  scheduled_procedure_step_ids text[] not null default '{}',
  requested_procedure_ids text[] not null default '{}',
  series_description_key text collate "C" not null default '',
  body_part_examined text collate "C" not null default '',
  manufacturer_key text collate "C" not null default '',
  sop_class_uids text[] not null default '{}',
  transfer_syntax_uids text[] not null default '{}',
  instance_count integer not null default 0,
  frame_count bigint not null default 0,
  rows integer,
  columns integer,
  has_pixels boolean not null default false,
  size_bytes bigint not null default 0,
  attributes json not null,
  received_at timestamptz not null default now(),
  revision bigint not null default 1,
  unique (study_id, series_instance_uid)
);
create index series_by_uid on series (series_instance_uid, zone);
create index series_by_study on series (study_id, series_number, id);
create index series_by_modality on series (modality, id);
create index series_by_step_date on series (performed_procedure_step_start_date, id);

create table instance (
  id bigint generated always as identity primary key,
  series_id bigint not null references series on delete cascade,
  study_id bigint not null references study on delete cascade,
  zone zone not null,
  sop_instance_uid text collate "C" not null,
  sop_class_uid text collate "C" not null,
  instance_number integer,
  transfer_syntax_uid text collate "C" not null,
  rows integer,
  columns integer,
  bits_allocated smallint,
  number_of_frames integer,
  -- The object that holds the bytes as they were received, by its content (ARCH-3).
  sha256 bytea not null,
  size_bytes bigint not null,
  -- Bytes of preamble and file meta information before the data set; 0 when it came bare.
  data_set_offset integer not null,
  received_at timestamptz not null default now(),
  unique (sop_instance_uid, zone)
);
create index instance_by_series on instance (series_id, instance_number, id);
create index instance_by_study on instance (study_id, id);
create index instance_by_object on instance (sha256);
create index instance_by_sop_class on instance (sop_class_uid, id);

-- What is read only when an instance's whole header or a frame is asked for.
create table instance_header (
  instance_id bigint primary key references instance on delete cascade,
  -- The DICOM JSON model in UTF-8; in a BulkDataURI the byte 01 stands for the address of the instance's study root.
  metadata bytea not null,
  -- Where the pixel data's frames lie in the object; null without pixel data.
  pixel_data json
);

-- The metadata of a whole series, ready to be sent: made when first asked for, stale when the revision moved on.
create table series_metadata (
  series_id bigint primary key references series on delete cascade,
  revision bigint not null,
  metadata bytea not null
);
alter table series_metadata alter column metadata set storage external;

-- Begun before an object is put into the store, ended by the commit that refers to it, or by the cleaner. An object
-- that nothing refers to always has a claim: nothing is ever left behind unknown.
create table object_claim (
  sha256 bytea not null,
  claim_id uuid not null,
  -- Until then the claimant may still be at work; the cleaner looks at it afterwards.
  expires_at timestamptz not null,
  primary key (sha256, claim_id)
);
create index object_claim_by_expiry on object_claim (expires_at);
