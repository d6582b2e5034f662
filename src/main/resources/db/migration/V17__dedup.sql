-- Bytes that several blobs may share, in stores that keep equal data once. They are named after the
-- blob that brought them and stay until nobody refers to them; the row stays until they are gone.
create table contents (
  id     uuid    primary key,
  store  text    not null,
  -- Empty where every node sees the same bytes.
  node   text    not null,
  sha512 text    not null,
  size   bigint  not null,
  refs   int     not null check (refs >= 0),
  -- Nobody new refers to what was found missing or damaged.
  sound  boolean not null default true
);

create unique index contents_by_digest on contents (store, node, sha512, size)
  where refs > 0 and sound;
create index contents_unwanted on contents (id) where refs = 0;

-- content: the bytes that a blob refers to; without, it has its own. spare: its own lie in the store
-- although it refers to others.
alter table blobs
  add column content uuid references contents (id),
  add column spare   boolean not null default false;

create index blobs_by_content on blobs (content) where content is not null;
create index blobs_spare on blobs (id) where spare;
