-- Uploads that may take several requests. The blob is 'writing' without a lease of its own, so that no
-- garbage collection takes it for abandoned: the upload has a lease instead, which each request takes
-- anew, and gives the blob up when it expires. The row goes with that of its blob.
create table uploads (
  id           uuid        primary key references blobs (id) on delete cascade,
  -- Null until the client says it.
  length       bigint      check (length >= 0),
  -- How many bytes are durable, from the first one on.
  received     bigint      not null default 0,
  -- What the client wants to know again, as it sent it.
  client_metadata text,
  -- The number of requests that have had the lease.
  turn         bigint      not null default 1,
  leased_by    uuid,
  leased_until timestamptz,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null
);

create index uploads_by_expiry on uploads (expires_at);
