select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, c.relkind::text as kind,
       pg_get_viewdef(c.oid) as definition
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.oid = any(%(oids)s::int8[]::oid[]) and c.relkind in ('v', 'm')
 order by c.oid
