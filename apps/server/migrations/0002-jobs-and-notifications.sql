-- Sessions, live events, jobs and notifications: the ground of every feature.

-- A browser's sign-in. The cookie's value is kept as its SHA-256 only.
create table session (
  key_hash bytea primary key,
  caller_id text not null,
  -- Fingerprint of what was shown at sign-in: when that is replaced, its sessions end.
  credential bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_by_expiry on session (expires_at);

-- The latest events, so that a subscriber that was away for a moment misses none. Pruned by age.
create table event (
  id bigint generated always as identity primary key,
  type text not null,
  data jsonb not null,
  -- The one caller it is for; null for all who may see its type.
  caller_id text,
  -- Its transaction, and the oldest that was running: ids are drawn before commits, so an event with a lower id can
  -- appear after one with a higher. What appears after an event belongs to a transaction not older than its horizon.
  transaction xid8 not null default pg_current_xact_id(),
  horizon xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
  created_at timestamptz not null default now()
);
create index event_by_transaction on event (transaction);
create index event_by_time on event (created_at);

create type job_state as enum ('queued', 'running', 'done', 'failed', 'cancelled');

create table job (
  id uuid primary key,
  kind text collate "C" not null,
  state job_state not null default 'queued',
  input jsonb not null,
  -- At most one of a kind waits to be begun under one key.
  singleton_key text collate "C",
  -- Its message in the queue (pgboss.job.id); a new one for each retry by hand.
  delivery uuid not null unique,
  progress_done double precision,
  progress_total double precision,
  progress_message text,
  result jsonb,
  error_code text,
  error_detail text,
  -- How often it was begun; whoever runs an older attempt has lost it.
  attempt integer not null default 0,
  cancel_requested_at timestamptz,
  -- Null for the work of the server itself.
  created_by text,
  scheduled boolean not null default false,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create unique index job_singleton on job (kind, singleton_key)
  where state = 'queued' and attempt = 0 and singleton_key is not null;
create index job_by_time on job (created_at desc, id desc);
create index job_open on job (state) where state in ('queued', 'running');
create index job_by_end on job (ended_at) where ended_at is not null;

-- For one caller, or for all who have a role.
create table notification (
  id uuid primary key,
  caller_id text,
  role text,
  kind text not null,
  params jsonb not null,
  created_at timestamptz not null default now(),
  check (num_nonnulls(caller_id, role) = 1)
);
create index notification_by_caller on notification (caller_id, created_at desc);
create index notification_by_role on notification (role, created_at desc);

create table notification_read (
  notification_id uuid not null references notification on delete cascade,
  caller_id text not null,
  read_at timestamptz not null default now(),
  primary key (notification_id, caller_id)
);
