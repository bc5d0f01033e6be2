-- How this database's tables were read and written.
SELECT relid,
       CASE WHEN schemaname = 'public' THEN relname ELSE schemaname || '.' || relname END AS relation,
       seq_scan,
       seq_tup_read,
       coalesce(idx_scan, 0) AS idx_scan,
       n_tup_ins,
       n_tup_upd,
       n_tup_del,
       vacuum_count + autovacuum_count AS vacuums,
       analyze_count + autoanalyze_count AS analyzes,
       n_dead_tup,
       n_live_tup,
       n_mod_since_analyze
  FROM pg_stat_user_tables
