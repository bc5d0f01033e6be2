-- The standbys that commits may wait for: what each lacks of the WAL that is safe here, what it has and has not replayed,
-- and how far it has replayed. Asked only where there are some, which is on a primary alone: on a standby there is no
-- current WAL position to ask for.
SELECT application_name AS name,
       state,
       pg_wal_lsn_diff(pg_current_wal_flush_lsn(), flush_lsn)::bigint AS missing_bytes,
       pg_wal_lsn_diff(flush_lsn, replay_lsn)::bigint AS unreplayed_bytes,
       replay_lsn::text AS replay_lsn
  FROM pg_stat_replication
 WHERE sync_state IN ('sync', 'quorum')
 ORDER BY name
