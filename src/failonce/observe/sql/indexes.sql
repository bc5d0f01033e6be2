-- Every index of this database's own tables. Sizes are those that vacuum, ANALYZE or the building of the index last saw
-- (relpages, as for tables), the entries of the same moment. Definitions only of those not known yet: to write one out
-- takes a lock on the table when the index is partial or on an expression.
SELECT indexrelid,
       CASE WHEN nspname = 'public' THEN index.relname ELSE nspname || '.' || index.relname END AS name,
       CASE WHEN nspname = 'public' THEN owner.relname ELSE nspname || '.' || owner.relname END AS relation,
       CASE WHEN indexrelid <> ALL (%(known)s::oid[]) THEN pg_get_indexdef(indexrelid) END AS definition,
       indisvalid AS valid,
       pg_stat_get_numscans(indexrelid) > 0 AS used,
       greatest(index.reltuples, 0)::bigint AS entries,
       index.relpages::bigint * current_setting('block_size')::int AS bytes
  FROM pg_index
       JOIN pg_class AS index ON index.oid = indexrelid
       JOIN pg_class AS owner ON owner.oid = indrelid
       JOIN pg_namespace ON pg_namespace.oid = owner.relnamespace
 WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND owner.relpersistence <> 't'
 ORDER BY owner.relpages DESC, name
 LIMIT 5000
