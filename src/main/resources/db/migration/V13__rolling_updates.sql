-- Since when a task waits for a node that has its data and cannot be reached.
alter table tasks add column unreachable_since timestamptz;

-- The oldest schema whose program may still use this one. A migration that only adds leaves it as it
-- is; one that takes away what older programs use sets it to the version that stopped using it.
create table schema_compatibility (
  only_row boolean primary key default true check (only_row),
  oldest integer not null
);
insert into schema_compatibility (oldest) values (1);
