-- Tickets: URLs by which whoever has them reads or sends the data of one image without a token. Only the
-- digest of the secret in the URL is kept. The rights of the maker are kept, as each use is judged anew.
-- An ended ticket stays for a while, so that its user is told why it is refused.
create table tickets (
  id             uuid        primary key,
  image_id       uuid        not null references images (id) on delete cascade,
  secret_sha256  text        not null unique,
  method         text        not null check (method in ('download', 'head', 'upload')),
  single_use     boolean     not null,
  max_bytes      bigint      check (max_bytes >= 0),
  -- An algorithm, a colon and hexadecimal digits.
  digest         text,
  store          text,
  user_id        text,
  user_domain    text,
  project        text,
  project_domain text,
  roles          text[]      not null,
  service_roles  text[]      not null,
  ended_by       text        check (ended_by in ('used', 'revoked')),
  ended_at       timestamptz,
  -- The request that uses the ticket up, until it has succeeded.
  claim          uuid,
  created_at     timestamptz not null default now(),
  expires_at     timestamptz not null
);

create index tickets_by_image on tickets (image_id);
create index tickets_by_end on tickets (coalesce(ended_at, expires_at));
