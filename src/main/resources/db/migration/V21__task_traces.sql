-- The trace of the request that asked for a task, which its worker goes on with: W3C's traceparent.
alter table tasks add column traceparent text;
