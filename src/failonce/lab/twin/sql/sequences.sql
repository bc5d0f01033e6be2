-- Sequences of their own and behind serial columns; those of identity columns come with their column.
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.oid = any(%(oids)s::int8[]::oid[]) and c.relkind = 'S'
   and not exists (select from pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')
 order by c.oid
