-- Filters are planned with each request, and reading 10,000 most common tags takes longer than the list.
alter table images alter column property_keys set statistics 300;
alter table images alter column tags set statistics 300;
