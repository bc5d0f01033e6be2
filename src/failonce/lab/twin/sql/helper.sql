-- Lets {role} read the planner's statistics, and no row of any table. They hold values of your data (the most common
-- ones, the bounds of histograms); failonce masks them before it writes a twin file. Run it in the application's
-- database as a superuser, or as a role that may read all its tables. To take it back: DROP SCHEMA failonce CASCADE;
BEGIN;
CREATE SCHEMA IF NOT EXISTS failonce;
-- Of an earlier failonce, with fewer columns.
DROP FUNCTION IF EXISTS failonce.column_statistics(), failonce.extended_statistics();
DROP FUNCTION IF EXISTS failonce.expression_statistics();
-- PostgreSQL 13 has no statistics of expressions.
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION failonce.column_statistics()
    RETURNS TABLE (schemaname name, tablename name, attname name, inherited bool, null_frac real, avg_width int,
                   n_distinct real, most_common_vals text, most_common_freqs real[], histogram_bounds text,
                   correlation real, most_common_elems text, most_common_elem_freqs real[],
                   elem_count_histogram real[], range_bounds_histogram text[], range_length_histogram text[],
                   range_empty_frac real)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET datestyle = 'ISO' SET timezone = 'UTC' SET intervalstyle = 'postgres' AS $$
    SELECT schemaname, tablename, attname, inherited, null_frac, avg_width, n_distinct, most_common_vals::text,
           most_common_freqs, histogram_bounds::text, correlation, most_common_elems::text, most_common_elem_freqs,
           elem_count_histogram, array(SELECT jsonb_array_elements_text(j -> 'range_bounds_histogram')),
           array(SELECT jsonb_array_elements_text(j -> 'range_length_histogram')), (j ->> 'range_empty_frac')::real
      FROM pg_catalog.pg_stats s
     -- Ranges have neither common values nor a histogram of their own; PostgreSQL before 17 has nothing of them.
     CROSS JOIN LATERAL (SELECT CASE WHEN most_common_vals IS NULL AND histogram_bounds IS NULL
                                     THEN to_jsonb(s) END AS all_of_it) q
     CROSS JOIN LATERAL (SELECT CASE WHEN all_of_it ->> 'range_empty_frac' IS NOT NULL THEN all_of_it END AS j) r
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') $$;
CREATE OR REPLACE FUNCTION failonce.extended_statistics()
    RETURNS TABLE (schemaname name, tablename name, statistics_schemaname name, statistics_name name, inherited bool,
                   n_distinct text, dependencies text, most_common_vals text[], most_common_val_nulls bool[],
                   most_common_freqs float8[], most_common_base_freqs float8[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET datestyle = 'ISO' SET timezone = 'UTC' SET intervalstyle = 'postgres' AS $$
    SELECT schemaname, tablename, statistics_schemaname, statistics_name,
           coalesce((to_jsonb(s) ->> 'inherited')::bool, false), n_distinct::text, dependencies::text,
           most_common_vals, most_common_val_nulls, most_common_freqs, most_common_base_freqs
      FROM pg_catalog.pg_stats_ext s $$;
CREATE OR REPLACE FUNCTION failonce.expression_statistics()
    RETURNS TABLE (statistics_schemaname name, statistics_name name, place int, expr text, inherited bool,
                   null_frac real, avg_width int, n_distinct real, most_common_vals text, most_common_freqs real[],
                   histogram_bounds text, correlation real, most_common_elems text, most_common_elem_freqs real[],
                   elem_count_histogram real[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET datestyle = 'ISO' SET timezone = 'UTC' SET intervalstyle = 'postgres' AS $$
    SELECT statistics_schemaname, statistics_name, array_position(pg_get_statisticsobjdef_expressions(e.oid), expr),
           expr, inherited, null_frac, avg_width, n_distinct, most_common_vals::text, most_common_freqs,
           histogram_bounds::text, correlation, most_common_elems::text, most_common_elem_freqs, elem_count_histogram
      FROM pg_catalog.pg_stats_ext_exprs x
      JOIN pg_catalog.pg_namespace n ON n.nspname = x.statistics_schemaname
      JOIN pg_catalog.pg_statistic_ext e ON e.stxname = x.statistics_name AND e.stxnamespace = n.oid $$;
REVOKE ALL ON FUNCTION failonce.column_statistics(), failonce.extended_statistics(),
    failonce.expression_statistics() FROM PUBLIC;
GRANT USAGE ON SCHEMA failonce TO {role};
GRANT EXECUTE ON FUNCTION failonce.column_statistics(), failonce.extended_statistics(),
    failonce.expression_statistics() TO {role};
COMMIT;
