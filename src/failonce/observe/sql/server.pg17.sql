-- The server's age, checkpoints and WAL so far, sessions of this database that did not end by themselves.
SELECT pg_postmaster_start_time() AS started_at,
       num_requested AS checkpoints_requested,
       num_timed AS checkpoints_timed,
       (SELECT wal_bytes FROM pg_stat_wal)::bigint AS wal_bytes,
       (SELECT sessions_killed + sessions_fatal + sessions_abandoned
          FROM pg_stat_database WHERE datname = current_database()) AS sessions_ended
  FROM pg_stat_checkpointer
