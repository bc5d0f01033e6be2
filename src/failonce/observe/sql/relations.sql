-- Tables and materialized views of a megabyte or a thousand rows and more, the largest first. Sizes are those the
-- planner last saw (relpages): pg_relation_size would wait for whoever holds an exclusive lock.
SELECT CASE WHEN nspname = 'public' THEN relname ELSE nspname || '.' || relname END AS name,
       greatest(reltuples, pg_stat_get_live_tuples(pg_class.oid), 0)::bigint AS rows,
       greatest(relpages, 0)::bigint * current_setting('block_size')::int AS bytes
  FROM pg_class
       JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'm')
   AND nspname NOT IN ('pg_catalog', 'information_schema')
   AND relpersistence <> 't'
   AND (relpages >= 128 OR pg_stat_get_live_tuples(pg_class.oid) >= 1000)
 ORDER BY relpages DESC, name
 LIMIT 1000
