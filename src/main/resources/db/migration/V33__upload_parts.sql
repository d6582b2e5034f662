-- Uploads may be parts, which a request joins to another blob; they go when that is committed. The image is
-- 'queued' until then, so a process of the version before, which takes a part for the whole, cannot complete it.
alter table uploads
  -- 'partial', or 'final;' and the URLs of the parts, as the client sent it.
  add column client_concat text,
  -- The parts that have been joined, and their sizes: a client that has not got the answer asks for them again.
  add column parts uuid[],
  add column part_sizes bigint[];
