-- How far each step of a task is, as users see it: a small array of objects.
alter table tasks add column progress jsonb not null default '[]';
