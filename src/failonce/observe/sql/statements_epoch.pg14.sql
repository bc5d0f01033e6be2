-- Whether pg_stat_statements counts, since when, and how often it had to drop its least used entries.
SELECT stats_reset,
       dealloc,
       current_setting('compute_query_id') = 'off' OR current_setting('pg_stat_statements.track', true) = 'none' AS is_off
  FROM {schema}.pg_stat_statements_info
