-- What new data hashes to by SHA-256 too: that is what distributors of images tell. Images from before have none.
alter table images add column sha256 text;
create index images_by_sha256 on images (sha256) where sha256 is not null and deleted_at is null;
