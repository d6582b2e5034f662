-- What is known of stored bytes: their digest, and what the last look at them found. Data whose
-- image only claims a digest, because it lies elsewhere too, gets none here.
alter table blobs
  add column sha512          text,
  add column verdict         text check (verdict in ('ok', 'missing', 'damaged')),
  add column verified_at     timestamptz,
  add column verifying_by    uuid,
  add column verifying_until timestamptz;

update blobs set sha512 = images.hash_value
from images
where images.id = blobs.image_id and images.hash_algo = 'sha512' and blobs.purpose = 'image'
  and blobs.state = 'stored'
  and not exists (select from blobs b where b.image_id = images.id and b.url is not null);

create index blobs_by_verification on blobs (store, coalesce(verified_at, created_at))
  where state = 'stored' and url is null;
create index blobs_unsound on blobs (store) where verdict in ('missing', 'damaged');

-- When a store was last looked over for what nobody knows, and what there was. Stores that every
-- node sees for itself have a row for each node, others one with an empty node.
create table store_surveys (
  store          text        not null,
  node           text        not null,
  surveyed_at    timestamptz,
  surveyed_until timestamptz,
  surveyed_by    uuid,
  orphans        bigint      not null default 0,
  orphan_bytes   bigint      not null default 0,
  primary key (store, node)
);
