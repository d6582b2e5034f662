-- How far the uploads under way are, as the processes that receive them write it once a second. It is not logged:
-- after a crash of the database, the next second brings it again. Rows of processes that were killed grow stale.
create unlogged table upload_progress (
  id         uuid        primary key,
  image_id   uuid        not null,
  purpose    text        not null,
  bytes      bigint      not null,
  -- Null while the client has not said it.
  total      bigint,
  -- In bytes per second.
  rate       bigint      not null,
  updated_at timestamptz not null
) with (fillfactor = 50);

-- Watchers of lists ask what has changed since. Changes of images have an index already.
create index images_by_deletion on images (deleted_at) where deleted_at is not null;
create index members_by_change on members (updated_at);
