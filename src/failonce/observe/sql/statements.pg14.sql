-- The counters of every statement of this database. `false` leaves the file with the texts alone.
-- queryid is null where the role may not look.
SELECT userid,
       queryid,
       toplevel,
       calls,
       (total_exec_time * 1000)::bigint AS exec_us,
       rows,
       shared_blks_hit + shared_blks_read AS blocks,
       shared_blks_read AS blocks_read,
       temp_blks_read + temp_blks_written AS temp_blocks,
       plans
  FROM {schema}.pg_stat_statements(false)
 WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
