-- What the given waiters wait for. One who waits for another's transaction holds the lock on the row's tuple: its
-- relation is the one fought over.
WITH lock AS MATERIALIZED (
  SELECT * FROM pg_locks WHERE pid = ANY (%(waiters)s::int[])
)
SELECT waited.pid,
       waited.locktype AS lock_type,
       waited.mode,
       CASE WHEN nspname = 'public' THEN relname ELSE nspname || '.' || relname END AS relation
  FROM lock AS waited
       LEFT JOIN lock AS held ON held.pid = waited.pid AND held.locktype = 'tuple' AND held.granted
                             AND waited.locktype = 'transactionid'
       LEFT JOIN pg_class ON pg_class.oid = coalesce(waited.relation, held.relation)
       LEFT JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE NOT waited.granted
 ORDER BY waited.pid
