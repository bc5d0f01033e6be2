-- Tables and materialized views of a megabyte or a thousand rows and more, the largest first. Sizes are those the
-- planner last saw (relpages): pg_relation_size would wait for whoever holds an exclusive lock.
SELECT CASE WHEN nspname = 'public' THEN relname ELSE nspname || '.' || relname END AS name,
       greatest(reltuples, pg_stat_get_live_tuples(pg_class.oid), 0)::bigint AS rows,
       greatest(relpages, 0)::bigint * current_setting('block_size')::int AS bytes,
       (SELECT CASE WHEN above.nspname = 'public' THEN parent.relname ELSE above.nspname || '.' || parent.relname END
          FROM pg_inherits
               JOIN pg_class AS parent ON parent.oid = inhparent AND parent.relkind = 'p'
               JOIN pg_namespace AS above ON above.oid = parent.relnamespace
         WHERE inhrelid = pg_class.oid AND pg_class.relispartition) AS partition_of
  FROM pg_class
       JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'm')
   AND nspname NOT IN ('pg_catalog', 'information_schema')
   AND relpersistence <> 't'
   AND (relpages >= 128 OR pg_stat_get_live_tuples(pg_class.oid) >= 1000)
 ORDER BY relpages DESC, name
 LIMIT 1000
