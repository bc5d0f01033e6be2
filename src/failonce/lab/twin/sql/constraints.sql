-- Keys, checks and foreign keys; a partition's own keys before its parent's, which then takes them over.
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as relation, quote_ident(k.conname) as name,
       pg_get_constraintdef(k.oid) as definition
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace
 where k.conrelid = any(%(oids)s::int8[]::oid[])
   and (k.contype in ('c', 'x') and k.conislocal
        or k.contype in ('p', 'u')
        or k.contype = 'f' and k.conparentid = 0 and k.confrelid = any(%(oids)s::int8[]::oid[]))
   and (k.contype in ('c', 'f') or (select i.indisvalid from pg_index i where i.indexrelid = k.conindid))
 order by position(k.contype in 'cpuxf'), (select count(*) from pg_partition_ancestors(c.oid)) desc, k.oid
