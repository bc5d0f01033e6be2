-- Settings that steer plans, memory, locks and connections. Not among them: those our own connection sets for itself
-- (statement_timeout, lock_timeout, ...), for of these it would see its own values.
SELECT name, current_setting(name) AS value
  FROM pg_settings
 WHERE name ~ '^(enable_|jit|max_parallel|pg_stat_statements\.)|_cost$'
    OR name IN (
         'autovacuum', 'compute_query_id', 'deadlock_timeout', 'default_statistics_target', 'default_transaction_isolation',
         'effective_cache_size', 'effective_io_concurrency', 'from_collapse_limit', 'geqo', 'geqo_threshold',
         'hash_mem_multiplier', 'join_collapse_limit', 'log_lock_waits', 'maintenance_work_mem', 'max_connections',
         'max_locks_per_transaction', 'max_worker_processes', 'plan_cache_mode', 'reserved_connections',
         'server_version', 'shared_buffers', 'superuser_reserved_connections', 'temp_buffers', 'track_activity_query_size',
         'track_io_timing', 'work_mem')
 ORDER BY name
