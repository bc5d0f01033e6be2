-- The columns of tables: what CREATE TABLE says of them.
select a.attrelid::int8 as relation, quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull as not_null, a.attidentity::text as identity, a.attgenerated::text as generated,
       pg_get_expr(d.adbin, d.adrelid) as expression,
       case when a.attcollation <> t.typcollation
            then (select quote_ident(n.nspname) || '.' || quote_ident(l.collname)
                    from pg_collation l join pg_namespace n on n.oid = l.collnamespace where l.oid = a.attcollation)
       end as collation
  from pg_attribute a
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attrelid = any(%(oids)s::int8[]::oid[]) and a.attnum > 0 and not a.attisdropped and a.attislocal
 order by a.attrelid, a.attnum
