-- Every valid index; a partition's own before its parent's, which then takes them over.
select n.nspname as schema, c.relname as name, t.relname as "table", m.amname as method,
       array(select pg_get_indexdef(i.indexrelid, k, false)
                    || case when o.opcdefault then '' else ' ' || o.opcname end
                    || case when i.indoption[k - 1] & 1 = 1 then ' DESC' else '' end
               from generate_series(1, i.indnkeyatts) k join pg_opclass o on o.oid = i.indclass[k - 1] order by k) as keys,
       array(select pg_get_indexdef(i.indexrelid, k, false) from generate_series(i.indnkeyatts + 1, i.indnatts) k
              order by k) as included,
       pg_get_expr(i.indpred, i.indrelid) as predicate, i.indisunique as "unique", i.indisprimary as "primary",
       pg_get_indexdef(i.indexrelid) as definition,
       exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as constrains
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_class t on t.oid = i.indrelid
  join pg_am m on m.oid = c.relam
 where i.indrelid = any(%(oids)s::int8[]::oid[]) and i.indisvalid
 order by (select count(*) from pg_partition_ancestors(t.oid)) desc, c.oid
