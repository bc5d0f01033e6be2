-- The server's age, checkpoints and WAL so far, sessions of this database that did not end by themselves, standbys that
-- commits may wait for (whoever may not read all statistics would see none of them).
SELECT pg_postmaster_start_time() AS started_at,
       num_requested AS checkpoints_requested,
       num_timed AS checkpoints_timed,
       (SELECT wal_bytes FROM pg_stat_wal)::bigint AS wal_bytes,
       (SELECT sessions_killed + sessions_fatal + sessions_abandoned
          FROM pg_stat_database WHERE datname = current_database()) AS sessions_ended,
       CASE WHEN pg_has_role('pg_read_all_stats', 'usage')
            THEN (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))::int
       END AS synchronous_standbys
  FROM pg_stat_checkpointer
