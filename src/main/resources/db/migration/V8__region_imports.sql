-- Where imports from another region read, and the user's token to read with: kept for the worker, and no longer than
-- until the task ends.
alter table tasks
  add column access jsonb check (access is null or status in ('pending', 'processing'));
