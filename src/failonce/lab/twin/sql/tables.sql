-- What CREATE TABLE says beside the columns; the outermost parents first.
select c.oid::int8 as oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
       pg_get_partkeydef(c.oid) as partition_key, pg_get_expr(c.relpartbound, c.oid) as bound,
       array_to_string(c.reloptions, ', ') as options,
       array(select quote_ident(pn.nspname) || '.' || quote_ident(p.relname)
               from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
              where i.inhrelid = c.oid order by i.inhseqno) as parents,
       c.relrowsecurity as row_security
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.oid = any(%(oids)s::int8[]::oid[]) and c.relkind in ('r', 'p')
 order by (select count(*) from pg_partition_ancestors(c.oid)), c.oid
