-- failonce's functions for statistics, if they are there for this role.
select p.proname::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where n.nspname = 'failonce' and p.proname in ('column_statistics', 'extended_statistics', 'expression_statistics')
   and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute')
