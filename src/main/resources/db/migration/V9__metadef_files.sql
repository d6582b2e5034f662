-- What leaves out a default or spells it out means the same, but operators compare their files with what they export.
-- Namespaces that are there already are exported as before.
alter table metadef_namespaces
  add column written text[] not null default '{visibility,protected}';

comment on column metadef_namespaces.written is
  'keys that the namespace came with, and that an export has even if they say nothing that would not hold without them';
