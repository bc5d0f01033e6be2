-- Maintenance and backups under way, of all databases: they share the processors and the disk. Only a table of this
-- one has a name here.
SELECT task.pid,
       task.kind,
       (SELECT CASE WHEN nspname = 'public' THEN relname ELSE nspname || '.' || relname END
          FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE pg_class.oid = task.relid AND task.datname = current_database()) AS relation,
       activity.backend_type = 'autovacuum worker' AS is_automatic
  FROM (SELECT pid, datname, 'vacuum' AS kind, relid FROM pg_stat_progress_vacuum
        UNION ALL SELECT pid, datname, 'analyze', relid FROM pg_stat_progress_analyze
        UNION ALL SELECT pid, datname, 'create index', relid FROM pg_stat_progress_create_index
        UNION ALL SELECT pid, datname, 'cluster', relid FROM pg_stat_progress_cluster
        UNION ALL SELECT pid, datname, 'copy', relid FROM pg_stat_progress_copy
        UNION ALL SELECT pid, NULL, 'base backup', 0 FROM pg_stat_progress_basebackup) AS task
       JOIN pg_stat_activity AS activity USING (pid)
 ORDER BY task.pid
