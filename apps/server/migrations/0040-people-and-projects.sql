-- What rights are about (IAM-8): organisations with their sites, projects over several sites, people and their roles.

create table organisation (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);
create unique index organisation_by_name on organisation (lower(name));

create table site (
  id uuid primary key,
  organisation_id uuid not null references organisation,
  -- Short and stable: what configuration names it by.
  code text collate "C" not null unique,
  name text not null,
  created_at timestamptz not null default now()
);
create index site_by_organisation on site (organisation_id);

create table project (
  id uuid primary key,
  code text collate "C" not null unique,
  name text not null,
  description text not null default '',
  created_at timestamptz not null default now()
);

create table project_site (
  project_id uuid not null references project,
  site_id uuid not null references site,
  primary key (project_id, site_id)
);
create index project_site_by_site on project_site (site_id);

create type person_state as enum ('unverified', 'waiting', 'invited', 'active', 'refused', 'locked');

create table person (
  id uuid primary key,
  name text not null,
  email text not null,
  state person_state not null,
  organisation_id uuid references organisation,
  -- As they wrote it when they asked for an account.
  organisation_name text not null default '',
  purpose text not null default '',
  node_roles text[] not null default '{}',
  created_at timestamptz not null default now(),
  last_signed_in_at timestamptz
);
-- A program may come without.
create unique index person_by_email on person (lower(email)) where email <> '';
create index person_by_state on person (state, created_at desc, id);
create index person_by_organisation on person (organisation_id);

create table membership (
  id uuid primary key,
  person_id uuid not null references person on delete cascade,
  project_id uuid not null references project,
  role text not null,
  -- Null: the whole project.
  site_id uuid,
  created_at timestamptz not null default now(),
  unique nulls not distinct (person_id, project_id, role, site_id),
  foreign key (project_id, site_id) references project_site
);
create index membership_by_project on membership (project_id, site_id);

-- The place of a zone's data that belong to one project and one site; what belongs to none is the administrator's only.
create table area (
  id integer primary key generated always as identity,
  zone zone not null,
  project_id uuid,
  site_id uuid,
  unique nulls not distinct (zone, project_id, site_id),
  check ((project_id is null) = (site_id is null)),
  foreign key (project_id, site_id) references project_site
);
insert into area (zone) values ('landing'), ('staging'), ('repository');
