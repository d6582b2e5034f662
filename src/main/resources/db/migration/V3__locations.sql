-- An image's data may lie in several stores: each of its stored blobs is one of its locations.
-- With a URL, the data lies on a server that is not ours; we neither wrote it nor remove it.
alter table blobs
  add column url      text,
  add column metadata jsonb not null default '{}';

create unique index blobs_once_per_store on blobs (image_id, store)
  where purpose = 'image' and state = 'stored' and url is null;

-- Deleted images whose data is still kept.
create index images_to_scrub on images (deleted_at) where status = 'pending_delete';
