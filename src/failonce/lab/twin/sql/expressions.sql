-- What was analyzed of the expressions of CREATE STATISTICS. {pg_stats_ext_exprs} is the view of this name, or
-- failonce's function, which tells their place, because they are printed after the search path.
select x.statistics_schemaname::text as schema, x.statistics_name::text as name,
       coalesce((to_jsonb(x) ->> 'place')::int,
                array_position(pg_get_statisticsobjdef_expressions(e.oid), x.expr)) as number,
       x.inherited, x.null_frac as null_share, x.avg_width as bytes_per_value, x.n_distinct as distinct, x.correlation,
       x.most_common_vals::text::text[] as common, x.most_common_freqs as common_shares,
       x.histogram_bounds::text::text[] as bounds, x.most_common_elems::text::text[] as elements,
       x.most_common_elem_freqs as element_shares, x.elem_count_histogram as element_counts
  from {pg_stats_ext_exprs} x
  join pg_namespace n on n.nspname = x.statistics_schemaname
  join pg_statistic_ext e on e.stxname = x.statistics_name and e.stxnamespace = n.oid
 where e.stxrelid = any(%(oids)s::int8[]::oid[])
