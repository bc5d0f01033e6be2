-- Lets {role} read the planner's statistics, and no row of any table. They hold values of your data (the most common
-- ones, the bounds of histograms); failonce masks them before it writes a twin file. Run it in the application's
-- database as a superuser, or as a role that may read all its tables. To take it back: DROP SCHEMA failonce CASCADE;
BEGIN;
CREATE SCHEMA IF NOT EXISTS failonce;
CREATE OR REPLACE FUNCTION failonce.column_statistics()
    RETURNS TABLE (schemaname name, tablename name, attname name, inherited bool, null_frac real, avg_width int,
                   n_distinct real, most_common_vals text, most_common_freqs real[], histogram_bounds text,
                   correlation real, most_common_elems text, most_common_elem_freqs real[],
                   elem_count_histogram real[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET datestyle = 'ISO' SET timezone = 'UTC' SET intervalstyle = 'postgres' AS $$
    SELECT schemaname, tablename, attname, inherited, null_frac, avg_width, n_distinct, most_common_vals::text,
           most_common_freqs, histogram_bounds::text, correlation, most_common_elems::text, most_common_elem_freqs,
           elem_count_histogram
      FROM pg_catalog.pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema') $$;
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
REVOKE ALL ON FUNCTION failonce.column_statistics(), failonce.extended_statistics() FROM PUBLIC;
GRANT USAGE ON SCHEMA failonce TO {role};
GRANT EXECUTE ON FUNCTION failonce.column_statistics(), failonce.extended_statistics() TO {role};
COMMIT;
