-- A task that cannot be worked on names no image that there is.
alter table tasks alter column image_id drop not null;
