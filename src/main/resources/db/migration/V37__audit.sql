-- Who has changed an image, and how: one row a change, written in the change's transaction. It refers to no image, as
-- it stays when that is gone. A process of the version before writes none, and is not hindered.
create table audit (
  number     bigint      generated always as identity primary key,
  at         timestamptz not null default now(),
  image_id   uuid        not null,
  action     text        not null,
  outcome    text        not null,
  -- Null if the service itself made the change.
  user_id    text,
  project    text,
  request_id text,
  via        text        not null,
  -- The ticket by which it was made, if it was.
  ticket     uuid,
  -- Names and ids only: never the values of properties.
  details    jsonb       not null default '{}'
);

create index audit_by_image on audit (image_id, number);
create index audit_by_project on audit (project, number);
create index audit_by_user on audit (user_id, number);
create index audit_by_time on audit (at);
