-- How programs and nodes come in (IAM-2).

create table access_token (
  id uuid primary key,
  person_id uuid not null references person on delete cascade,
  name text not null,
  token_hash bytea not null unique,
  -- The last characters, by which its owner knows it again.
  ending text not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz
);
create index access_token_by_person on access_token (person_id, created_at desc);
create index access_token_by_expiry on access_token (expires_at);

create table node (
  id uuid primary key,
  name text not null,
  -- Ed25519, 32 bytes.
  public_key bytea not null unique,
  joined_at timestamptz not null default now(),
  last_seen_at timestamptz
);

create table join_token (
  id uuid primary key,
  token_hash bytea not null unique,
  name text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
