-- Leases and progress are written every few seconds for as long as the work lasts. With room in its page, and no
-- index on what changes, PostgreSQL writes such a row again without touching an index, and reclaims the old one at
-- the next look at the page. Holds for pages that are written from now on.
alter table tasks set (fillfactor = 70);
alter table uploads set (fillfactor = 70);
alter table blobs set (fillfactor = 90);

-- The expiry moves with every part that arrives, and there are no more rows than uploads under way.
drop index uploads_by_expiry;
