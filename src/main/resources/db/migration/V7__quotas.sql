-- What requests with an Idempotency-Key were answered. Not jsonb: that would sort the keys.
create table idempotency_keys (
  project     text        not null,
  key         text        not null,
  fingerprint text        not null,
  answer      json        not null,
  expires_at  timestamptz not null,
  primary key (project, key)
);

create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
