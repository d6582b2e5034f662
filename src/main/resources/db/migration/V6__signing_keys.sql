-- The keys that verify the data of imports: workers have no token to read certificates with.
create table import_keys (
  image_id    uuid        primary key references images (id),
  certificate text        not null,
  public_key  text        not null,
  created_at  timestamptz not null default now()
);
