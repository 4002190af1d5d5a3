-- How people come in (IAM-1, IAM-2).

-- Sessions of before were of the administrator's token and can be begun again.
delete from session;
alter table session
  -- Names it for its owner, who may end it; the key stays secret.
  add column id uuid not null unique,
  add column person_id uuid references person on delete cascade,
  alter column credential drop not null,
  -- Of whom the person is known, where that provider can end the session.
  add column issuer text,
  add column subject text,
  add column provider_session text,
  -- Shown to the provider when the session is ended here.
  add column id_token text,
  -- What the browser calls itself, shortened.
  add column agent text not null default '',
  add column last_seen_at timestamptz not null default now(),
  add check (num_nonnulls(person_id, credential) = 1);
create index session_by_person on session (person_id) where person_id is not null;
create index session_by_provider on session (issuer, provider_session) where provider_session is not null;

-- A sign-in under way at a provider: what its answer must match. Used once.
create table sign_in (
  key_hash bytea primary key,
  state text not null,
  nonce text not null,
  code_verifier text not null,
  return_to text not null,
  redirect_uri text not null,
  -- The invitation that it accepts.
  link_id uuid,
  expires_at timestamptz not null
);
create index sign_in_by_expiry on sign_in (expires_at);

-- Who someone is for a provider that is not ours.
create table external_identity (
  issuer text not null,
  subject text not null,
  person_id uuid not null references person on delete cascade,
  -- Roles that the provider's groups stood for at the last sign-in.
  holdings jsonb not null default '[]',
  -- Datasets that its visas granted then, each until a time.
  grants jsonb not null default '[]',
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index external_identity_by_person on external_identity (person_id);

-- Messages that were accepted and may not be accepted again: logout tokens, requests of nodes, visas.
create table used_token (
  id_hash bytea primary key,
  expires_at timestamptz not null
);
create index used_token_by_expiry on used_token (expires_at);

-- Local accounts of the embedded provider.
create table local_account (
  person_id uuid primary key references person on delete cascade,
  -- PHC string of argon2id.
  password_hash text not null,
  password_changed_at timestamptz not null default now(),
  totp_secret text,
  -- Null while it is being set up.
  totp_since timestamptz,
  -- The last time step that was used: no code works twice.
  totp_last_step bigint
);

create table recovery_code (
  person_id uuid not null references local_account on delete cascade,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (person_id, code_hash)
);

-- Failed attempts by what was tried (an account, an address), as a hash: the next one has to wait.
create table failed_attempt (
  subject_hash bytea primary key,
  failures integer not null,
  blocked_until timestamptz not null,
  last_at timestamptz not null
);
create index failed_attempt_by_time on failed_attempt (last_at);

-- What the embedded provider remembers: its sessions, codes, grants. Secrets among the ids are kept as hashes.
create table provider_record (
  kind text not null,
  id_hash bytea not null,
  payload jsonb not null,
  account_id text,
  grant_id text,
  uid text,
  user_code text,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  primary key (kind, id_hash)
);
create index provider_record_by_account on provider_record (account_id) where account_id is not null;
create index provider_record_by_grant on provider_record (grant_id) where grant_id is not null;
create index provider_record_by_uid on provider_record (kind, uid) where uid is not null;
create index provider_record_by_user_code on provider_record (user_code) where user_code is not null;
create index provider_record_by_expiry on provider_record (expires_at);

-- Keys that this node signs with, and secrets that its processes share.
create table signing_key (
  id text primary key,
  purpose text not null,
  private_jwk jsonb not null,
  created_at timestamptz not null default now()
);

create table shared_secret (
  name text primary key,
  value text not null
);
