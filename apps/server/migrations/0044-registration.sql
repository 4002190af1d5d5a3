-- How accounts come about (IAM-3), and the terms under which they are used (IAM-7).

create type link_kind as enum ('first-administrator', 'invitation', 'verify-email', 'reset-password');

-- Addresses that work once. The secret in them is kept as its hash.
create table link (
  id uuid primary key,
  kind link_kind not null,
  key_hash bytea not null unique,
  person_id uuid references person on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index link_by_person on link (person_id);
create index link_by_expiry on link (expires_at);

create table terms_version (
  version integer primary key,
  text text not null,
  published_at timestamptz not null default now()
);

create table terms_acceptance (
  person_id uuid not null references person on delete cascade,
  version integer not null references terms_version,
  accepted_at timestamptz not null default now(),
  primary key (person_id, version)
);
