-- The roles of the user who asked, until the task ends.
alter table tasks add column roles text[] not null default '{}';
