-- The projects that shared images are shared with. An image's creation time never changes; it stands here too,
-- so that the images shared with a project come out of one index in the order of a list.
create table members (
  image_id         uuid        not null references images (id),
  member           text        not null,
  status           text        not null check (status in ('pending', 'accepted', 'rejected')),
  image_created_at timestamptz not null,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (image_id, member)
);

create index members_by_status on members (member, status, image_created_at, image_id);
create index members_by_project on members (member, image_created_at, image_id);

-- Lists are paged by the key of their last image, in either direction, so each index ends with the tie breakers.
-- An absent text counts as the empty one and an absent size as -1, or a page could not begin after an absent value.
drop index images_by_name;
create index images_by_name on images (coalesce(name, ''), created_at, id) where deleted_at is null;
create index images_by_status on images (status, created_at, id) where deleted_at is null;
create index images_by_visibility on images (visibility, created_at, id) where deleted_at is null;
create index images_by_disk_format on images (coalesce(disk_format, ''), created_at, id) where deleted_at is null;
create index images_by_container_format on images (coalesce(container_format, ''), created_at, id) where deleted_at is null;
create index images_by_size on images (coalesce(size, -1), created_at, id) where deleted_at is null;
create index images_by_change on images (updated_at, created_at, id) where deleted_at is null;
create index images_hidden on images (created_at, id) where hidden and deleted_at is null;
create index images_by_checksum on images (checksum) where deleted_at is null;
create index images_by_hash on images (hash_value) where deleted_at is null;

-- Of an array's elements the planner keeps the frequencies, which it does not for jsonb: only so can it tell a property
-- that few images have, to be looked up here, from one that many have, to be met soon in the order of the list.
create function property_keys(properties jsonb) returns bigint[] language sql immutable strict parallel safe
  return (select coalesce(array_agg(hashtextextended(key || chr(31) || value, 0)), '{}') from jsonb_each_text(properties));

alter table images add column property_keys bigint[] generated always as (property_keys(properties)) stored;
alter table images alter column property_keys set statistics 1000;
alter table images alter column tags set statistics 1000;

create index images_by_property on images using gin (property_keys) where deleted_at is null;
create index images_by_tag on images using gin (tags) where deleted_at is null;

create index tasks_by_age on tasks (created_at, id);
create index tasks_by_owner on tasks (owner, created_at, id);
