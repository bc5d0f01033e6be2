-- This database's counters.
SELECT xact_commit, xact_rollback, deadlocks, temp_bytes, blks_hit, blks_read, sessions
  FROM pg_stat_database
 WHERE datname = current_database()
