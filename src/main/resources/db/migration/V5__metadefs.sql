-- The metadata definitions catalog: namespaces, and what each of them defines.
create table metadef_namespaces (
  id           bigint generated always as identity primary key,
  name         text        not null unique,
  display_name text,
  description  text,
  visibility   text        not null check (visibility in ('public', 'private')),
  protected    boolean     not null,
  owner        text,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);

-- One table for all kinds: they differ only in their content, which is kept as it was given. Not jsonb: that would
-- sort the keys.
create table metadef_definitions (
  id           bigint generated always as identity primary key,
  namespace_id bigint      not null references metadef_namespaces (id) on delete cascade,
  kind         text        not null check (kind in ('resource_type', 'property', 'object', 'tag')),
  name         text        not null,
  content      json        not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  unique (namespace_id, kind, name)
);

create index metadef_definitions_of_resource_types on metadef_definitions (name) where kind = 'resource_type';

-- Every type that a namespace is, or ever was, associated with.
create table metadef_resource_types (
  name       text primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
