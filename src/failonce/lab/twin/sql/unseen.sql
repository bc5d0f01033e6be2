-- Extended statistics that PostgreSQL shows to their table's owner only.
select n.nspname::text as schema, s.stxname::text as name
  from pg_statistic_ext s
  join pg_namespace n on n.oid = s.stxnamespace
  join pg_class c on c.oid = s.stxrelid
 where s.stxrelid = any(%(oids)s::int8[]::oid[]) and not pg_has_role(c.relowner, 'usage')
 order by 1, 2
