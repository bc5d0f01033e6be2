-- Settings that steer plans, memory, locks, connections, checkpoints and vacuum. Not among them: those our own connection sets for itself
-- (statement_timeout, lock_timeout, ...), for of these it would see its own values.
-- Beside them those that a role or a database of its own was given, which new connections get.
WITH steering AS (
  SELECT name
    FROM pg_settings
   WHERE name ~ '^(enable_|jit|max_parallel|pg_stat_statements\.)|_cost$'
      OR name IN (
           'autovacuum', 'autovacuum_max_workers', 'autovacuum_naptime', 'autovacuum_vacuum_cost_delay',
           'autovacuum_vacuum_cost_limit', 'autovacuum_vacuum_scale_factor', 'checkpoint_completion_target',
           'checkpoint_timeout', 'compute_query_id', 'deadlock_timeout', 'default_statistics_target', 'default_transaction_isolation',
           'effective_cache_size', 'effective_io_concurrency', 'from_collapse_limit', 'geqo', 'geqo_threshold',
           'hash_mem_multiplier', 'join_collapse_limit', 'log_lock_waits', 'maintenance_work_mem', 'max_connections',
           'max_locks_per_transaction', 'max_wal_size', 'max_worker_processes', 'plan_cache_mode', 'reserved_connections',
           'server_version', 'shared_buffers', 'superuser_reserved_connections', 'synchronous_commit', 'synchronous_standby_names',
           'temp_buffers', 'track_activity_query_size', 'track_io_timing', 'vacuum_cost_delay', 'vacuum_cost_limit', 'wal_buffers', 'work_mem'))
SELECT name, current_setting(name) AS value, '' AS scope
  FROM steering
UNION ALL
SELECT name, substr(given, strpos(given, '=') + 1),
       concat_ws(' in ', 'role ' || rolname, 'database ' || datname)
  FROM pg_db_role_setting
       CROSS JOIN unnest(setconfig) AS given
       JOIN steering ON name = split_part(given, '=', 1)
       LEFT JOIN pg_roles ON pg_roles.oid = setrole
       LEFT JOIN pg_database ON pg_database.oid = setdatabase
 WHERE setdatabase = 0 OR datname = current_database()
 ORDER BY scope, name
