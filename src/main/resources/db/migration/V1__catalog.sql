-- Images. A deleted image stays as a tombstone: its id is never given away again.
-- Tags, properties and stores lie in the row, so that a list is one query.
create table images (
  id               uuid primary key,
  name             text,
  status           text        not null,
  visibility       text        not null,
  protected        boolean     not null,
  hidden           boolean     not null,
  owner            text,
  disk_format      text,
  container_format text,
  min_disk         bigint      not null,
  min_ram          bigint      not null,
  size             bigint,
  virtual_size     bigint,
  checksum         text,
  hash_algo        text,
  hash_value       text,
  tags             text[]      not null,
  properties       jsonb       not null,
  stores           text[]      not null default '{}',
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  deleted_at       timestamptz
);

create index images_by_age on images (created_at desc, id desc) where deleted_at is null;
create index images_by_owner on images (owner, created_at desc, id desc) where deleted_at is null;
create index images_by_name on images (name, created_at desc, id desc) where deleted_at is null;

-- The journal of blobs: a row stands here before the first byte is written and until the last one is removed.
-- 'writing' is alive only under a lease; 'deleting' belongs to the garbage collection.
create table blobs (
  id           uuid primary key,
  image_id     uuid        not null references images (id),
  store        text        not null,
  purpose      text        not null check (purpose in ('image', 'staging')),
  node         text        not null,
  state        text        not null check (state in ('writing', 'stored', 'deleting')),
  size         bigint,
  leased_by    uuid,
  leased_until timestamptz,
  created_at   timestamptz not null default now()
);

create index blobs_by_image on blobs (image_id);
create index blobs_unsettled on blobs (state) where state <> 'stored';

-- Import tasks, which are also the queue of the workers.
create table tasks (
  id           uuid primary key,
  image_id     uuid        not null references images (id),
  type         text        not null,
  status       text        not null check (status in ('pending', 'processing', 'success', 'failure')),
  owner        text,
  user_id      text,
  request_id   text,
  input        jsonb       not null,
  result       jsonb,
  message      text        not null default '',
  checkpoint   jsonb       not null default '{}',
  attempts     int         not null default 0,
  run_after    timestamptz not null default now(),
  leased_by    uuid,
  leased_until timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  expires_at   timestamptz
);

create index tasks_waiting on tasks (created_at) where status in ('pending', 'processing');
create index tasks_by_image on tasks (image_id, created_at);
