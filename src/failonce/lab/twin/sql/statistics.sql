-- A row for each column, and each index's expression, that was analyzed. {pg_stats} is the view of this name, or
-- failonce's function for a role that may not read it.
select s.schemaname::text as schema, s.tablename::text as relation, s.attname::text as column,
       case when c.relkind in ('i', 'I') then a.attnum::int end as number,
       format_type(a.atttypid, null) as type, t.typcategory::text as category, a.atttypmod as typmod,
       coalesce((select l.collname::text from pg_collation l where l.oid = a.attcollation), '') as collation,
       s.inherited, s.null_frac as null_share, s.avg_width as bytes_per_value, s.n_distinct as distinct, s.correlation,
       s.most_common_vals::text::text[] as common, s.most_common_freqs as common_shares,
       s.histogram_bounds::text::text[] as bounds, s.most_common_elems::text::text[] as elements,
       s.most_common_elem_freqs as element_shares, s.elem_count_histogram as element_counts,
       g.subtype, g.range_bounds, g.range_lengths, g.range_empty_share
  from {pg_stats} s
  join pg_namespace n on n.nspname = s.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = s.tablename
  join pg_attribute a on a.attrelid = c.oid and a.attname = s.attname
  join pg_type t on t.oid = a.atttypid
  -- Of ranges, which PostgreSQL shows from 17 on; a multirange's statistics are of its ranges.
  left join lateral (
    select format_type(r.rngsubtype, null) as subtype, (j.s ->> 'range_empty_frac')::real as range_empty_share,
           array(select jsonb_array_elements_text(nullif(j.s -> 'range_bounds_histogram', 'null'))) as range_bounds,
           array(select jsonb_array_elements_text(nullif(j.s -> 'range_length_histogram', 'null'))) as range_lengths
      from pg_range r, to_jsonb(s) as j(s)
     where t.oid::text in (to_jsonb(r) ->> 'rngtypid', to_jsonb(r) ->> 'rngmultitypid')
  ) g on t.typtype in ('r', 'm')
 where c.oid = any(%(oids)s::int8[]::oid[])
 order by 1, 2, a.attnum, s.inherited
