-- What the client has declared that the whole data hashes to: an algorithm, a colon and hexadecimal digits each. A
-- process of the version before leaves it null, and has the digests in client_metadata, where it looks for them too.
alter table uploads add column digests text[];
