-- Client connections to the whole server, ours too: they count against max_connections.
-- To a role without pg_read_all_stats other roles' backend_type is null and their query a refusal.
SELECT count(*) AS total,
       count(*) FILTER (WHERE state = 'idle') AS idle,
       current_setting('max_connections')::int AS "limit",
       count(*) FILTER (WHERE query = '<insufficient privilege>') AS hidden
  FROM pg_stat_activity
 WHERE backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL)
