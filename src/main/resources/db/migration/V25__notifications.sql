-- The outbox: notifications that wait for those who are to get them (sink), written together with
-- what they tell of. In the order of their numbers those of one image are in their own order, as
-- the image is locked while they are written.
create table notifications (
  number     bigint      generated always as identity primary key,
  sink       text        not null,
  id         uuid        not null,
  type       text        not null,
  priority   text        not null,
  subject    text        not null,
  payload    jsonb       not null,
  created_at timestamptz not null
);

create index notifications_by_sink on notifications (sink, number);

-- Which process carries them to a sink: one at a time, so that they stay in order.
create table relays (
  sink         text        primary key,
  leased_by    uuid        not null,
  leased_until timestamptz not null
);
