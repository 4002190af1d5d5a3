-- Objects that are kept losslessly compressed (ARCH-3): the original's address, and where what it can be made of lies.

create table recompressed_object (
  sha256 bytea primary key,
  -- The object that the original is made of again; null: compressing was tried and not worth it.
  container bytea,
  size_before bigint not null,
  size_after bigint not null,
  recompressed_at timestamptz not null default now(),
  -- The original stays for a while, for those who are just reading it.
  original_removed boolean not null default false
);
create index recompressed_object_by_container on recompressed_object (container);
create index recompressed_object_unfinished on recompressed_object (recompressed_at) where container is not null and not original_removed;
