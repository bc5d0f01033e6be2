select quote_ident(n.nspname) || '.' || quote_ident(s.stxname) as name, pg_get_statisticsobjdef(s.oid) as sql
  from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
 where s.stxrelid = any(%(oids)s::int8[]::oid[]) order by s.oid
