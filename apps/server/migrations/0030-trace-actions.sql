-- The tracer's log: who did what with which data. See docs/decisions/0020-the-log-in-postgresql.md.

-- The name and key that the log has for ever, so that no server signs it with another by mistake.
create table log_identity (
  single boolean primary key default true check (single),
  origin text not null,
  public_key bytea not null check (octet_length(public_key) = 32),
  -- A hash that only the right key of pseudonyms makes.
  pseudonym_check bytea not null
);

-- Entries as their actions committed them, until the sequencer gives them their place. One index only: this is written in
-- the transactions of others.
create table log_pending (
  seq bigint generated always as identity primary key,
  id uuid not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  outcome text not null,
  project text,
  objects text[] not null,
  body text not null check (octet_length(body) between 2 and 65535)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- Entries in the order of the tree. `body` is the leaf, byte for byte; the other columns are what is searched by.
create table log_entry (
  leaf bigint primary key check (leaf >= 0),
  id uuid not null unique,
  at timestamptz not null,
  actor text not null,
  action text not null,
  outcome text not null,
  project text,
  body text not null
);
create index on log_entry (at, leaf);
create index on log_entry (actor, at, leaf);
create index on log_entry (action, at, leaf);
create index on log_entry (project, at, leaf) where project is not null;
-- Nearly all are done: those are found as quickly without an index of their own.
create index on log_entry (outcome, at, leaf) where outcome <> 'done';

create table log_object (
  object text not null,
  at timestamptz not null,
  leaf bigint not null,
  primary key (object, at, leaf)
);

-- As they are served. Hashes don't compress, so that isn't tried.
create table log_tile (
  level smallint not null check (level between 0 and 63),
  index bigint not null check (index >= 0),
  hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
  primary key (level, index)
);
alter table log_tile alter column hashes set storage external;

-- The last checkpoint. `note` is null only before there is an entry.
create table log_head (
  single boolean primary key default true check (single),
  size bigint not null,
  root bytea not null check (octet_length(root) = 32),
  note text
);
insert into log_head (size, root) values (0, sha256(''));

create function log_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only: % of % is refused', tg_op, tg_table_name using errcode = 'IS010';
end
$$;

create trigger append_only before update or delete on log_entry for each row execute function log_refuse();
create trigger append_only before update or delete on log_object for each row execute function log_refuse();
create trigger append_only before update on log_pending for each row execute function log_refuse();
create trigger append_only before update or delete on log_identity for each row execute function log_refuse();
create trigger append_only before delete on log_tile for each row execute function log_refuse();
create trigger append_only before delete on log_head for each row execute function log_refuse();
create trigger not_emptied before truncate on log_entry for each statement execute function log_refuse();
create trigger not_emptied before truncate on log_object for each statement execute function log_refuse();
create trigger not_emptied before truncate on log_pending for each statement execute function log_refuse();
create trigger not_emptied before truncate on log_identity for each statement execute function log_refuse();
create trigger not_emptied before truncate on log_tile for each statement execute function log_refuse();
create trigger not_emptied before truncate on log_head for each statement execute function log_refuse();

create function log_only_moves() returns trigger language plpgsql as $$
begin
  if exists (select from gone left join log_entry on log_entry.id = gone.id where log_entry.body is distinct from gone.body) then
    raise exception 'an entry leaves the queue only for the log' using errcode = 'IS010';
  end if;
  return null;
end
$$;
create trigger only_moves after delete on log_pending referencing old table as gone for each statement execute function log_only_moves();

create function log_only_grows() returns trigger language plpgsql as $$
begin
  if new.level <> old.level or new.index <> old.index or octet_length(new.hashes) <= octet_length(old.hashes)
    or substring(new.hashes for octet_length(old.hashes)) <> old.hashes then
    raise exception 'a tile keeps the hashes it has' using errcode = 'IS010';
  end if;
  return new;
end
$$;
create trigger only_grows before update on log_tile for each row execute function log_only_grows();

create function log_head_only_grows() returns trigger language plpgsql as $$
begin
  if new.size <= old.size then
    raise exception 'the log never shrinks' using errcode = 'IS010';
  end if;
  return new;
end
$$;
create trigger only_grows before update on log_head for each row execute function log_head_only_grows();

-- Called in the transaction of the action. `entries` are what a canonical body was made of, and the body itself.
create function log_record(entries json) returns void language sql as $$
  insert into log_pending (id, at, actor, action, outcome, project, objects, body)
  select id, at, actor, action, outcome, project, array(select json_array_elements_text(objects)), body
  from json_to_recordset(entries)
    as row (id uuid, at timestamptz, actor text, action text, outcome text, project text, objects json, body text)
$$;

-- Gives the oldest entries of the queue their leaves, from `size` on, and answers the hashes of the leaves in order
-- (RFC 9162 2.1.1). Only for who holds the lock of the sequencer.
create function log_move(size bigint, most integer) returns table (leaf bigint, hash bytea) language plpgsql as $$
#variable_conflict use_column
declare
  moving bigint[];
begin
  select array_agg(seq) into moving from (select seq from log_pending order by seq limit most) as oldest;
  return query
    with moved as (
      insert into log_entry (leaf, id, at, actor, action, outcome, project, body)
      select size + row_number() over (order by seq) - 1, id, at, actor, action, outcome, project, body
      from log_pending where seq = any(moving)
      returning leaf, body
    )
    select leaf, sha256('\x00'::bytea || convert_to(body, 'UTF8')) from moved order by leaf;
  insert into log_object (object, at, leaf)
  select object, log_entry.at, log_entry.leaf
  from log_pending join log_entry on log_entry.id = log_pending.id, unnest(log_pending.objects) as object
  where seq = any(moving)
  on conflict do nothing;
  delete from log_pending where seq = any(moving);
end
$$;

-- Instances entered into the index, and in the same statement the entries of the log about those that are new. Each of
-- `entries` is about one study: its body is `before`, then a fragment for every instance, then `after`.
create function enter_instances_traced(batch json, headers bytea, entries json)
returns table (place integer, sha256 bytea, data_set_offset integer, size_bytes bigint, series_instance_uid text)
language plpgsql as $$
#variable_conflict use_column
declare
  found record;
  taken integer[] := '{}';
begin
  for found in select * from enter_instances(batch, headers) loop
    taken := taken || found.place;
    place := found.place;
    sha256 := found.sha256;
    data_set_offset := found.data_set_offset;
    size_bytes := found.size_bytes;
    series_instance_uid := found.series_instance_uid;
    return next;
  end loop;
  insert into log_pending (id, at, actor, action, outcome, project, objects, body)
  select id, at, actor, action, outcome, project, array(select json_array_elements_text(objects)),
    before || (
      select string_agg(text, '' order by part.place) from json_to_recordset(instances) as part (place integer, text text)
      where part.place <> all(taken)
    ) || after
  from json_to_recordset(entries) as row (id uuid, at timestamptz, actor text, action text, outcome text, project text,
    objects json, before text, after text, instances json)
  where exists (select from json_to_recordset(instances) as part (place integer) where part.place <> all(taken));
end
$$;

-- What a server's configuration was when it was last recorded, so that a change can be told.
create table log_configuration (
  server text primary key,
  settings jsonb not null
);
