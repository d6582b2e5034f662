-- leases: how often a task was taken up; what is said under an older lease does not count.
-- alone: no other data was worked on by the worker. suspect: a worker was lost in the middle of it.
-- crashes: how many were lost while they worked on it alone. setbacks: how often it was handed back
-- for faults of the service, and since when; both end with the next checkpoint.
alter table tasks
  add column leases        bigint      not null default 0,
  add column alone         boolean     not null default false,
  add column suspect       boolean     not null default false,
  add column crashes       int         not null default 0,
  add column setbacks      int         not null default 0,
  add column setback_since timestamptz;
