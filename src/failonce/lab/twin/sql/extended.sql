-- What was analyzed of several columns together. {pg_stats_ext} is the view of this name, or failonce's function.
select s.statistics_schemaname::text as schema, s.statistics_name::text as name,
       s.schemaname::text || '.' || s.tablename::text as "table",
       -- None of expressions alone.
       coalesce((select jsonb_object_agg(a.attnum::text, a.attname) from pg_attribute a
                  where a.attrelid = e.stxrelid and a.attnum = any(e.stxkeys::int2[])), '{}') as columns,
       array(select format_type(a.atttypid, -1) from unnest(e.stxkeys::int2[]) with ordinality as k(number, place)
               join pg_attribute a on a.attrelid = e.stxrelid and a.attnum = k.number order by k.place) as types,
       array(select t.typcategory::text from unnest(e.stxkeys::int2[]) with ordinality as k(number, place)
               join pg_attribute a on a.attrelid = e.stxrelid and a.attnum = k.number
               join pg_type t on t.oid = a.atttypid order by k.place) as categories,
       array(select a.atttypmod from unnest(e.stxkeys::int2[]) with ordinality as k(number, place)
               join pg_attribute a on a.attrelid = e.stxrelid and a.attnum = k.number order by k.place) as typmods,
       array(select coalesce((select l.collname::text from pg_collation l where l.oid = a.attcollation), '')
               from unnest(e.stxkeys::int2[]) with ordinality as k(number, place)
               join pg_attribute a on a.attrelid = e.stxrelid and a.attnum = k.number order by k.place) as collations,
       coalesce((to_jsonb(s) ->> 'inherited')::bool, false) as inherited,
       to_jsonb(e) ->> 'stxexprs' as expressions,
       s.n_distinct::text as distinct, s.dependencies::text as dependencies,
       to_jsonb(s.most_common_vals) as common, s.most_common_val_nulls as nulls,
       s.most_common_freqs as common_shares, s.most_common_base_freqs as base_shares
  from {pg_stats_ext} s
  join pg_namespace n on n.nspname = s.statistics_schemaname
  join pg_statistic_ext e on e.stxname = s.statistics_name and e.stxnamespace = n.oid
 where e.stxrelid = any(%(oids)s::int8[]::oid[])
 order by 1, 2
