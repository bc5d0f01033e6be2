-- Tables with rows whose statistics this role may not read.
select c.oid::regclass::text as name from pg_class c
 where c.oid = any(%(oids)s::int8[]::oid[]) and c.relkind in ('r', 'm') and c.reltuples > 0
   and not has_table_privilege(c.oid, 'select') and not has_any_column_privilege(c.oid, 'select')
 order by 1
