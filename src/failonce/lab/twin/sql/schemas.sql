select quote_ident(nspname) as name from pg_namespace
 where nspname !~ '^pg_' and nspname not in ('information_schema', 'failonce')
   and not exists (select from pg_depend d
                    where d.classid = 'pg_namespace'::regclass and d.objid = pg_namespace.oid and d.deptype = 'e')
 order by oid
