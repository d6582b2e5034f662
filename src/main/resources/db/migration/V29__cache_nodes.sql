-- Which nodes have which images in their caches, as they last told.
create table cache_nodes (
  url text primary key,
  seen_until timestamptz not null
);
create table cache_entries (
  image_id uuid not null,
  node text not null references cache_nodes on delete cascade,
  primary key (image_id, node)
);
create index cache_entries_node on cache_entries (node);
