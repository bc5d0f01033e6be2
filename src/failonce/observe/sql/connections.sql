-- Client connections to the whole server, ours too: they count against max_connections. By whose they are.
-- To a role without pg_read_all_stats other roles' backend_type is null and their query a refusal.
SELECT coalesce(usename, '') AS "user",
       coalesce(application_name, '') AS application,
       count(*) AS total,
       count(*) FILTER (WHERE state = 'idle') AS idle,
       count(*) FILTER (WHERE backend_start > clock_timestamp() - interval '2 seconds') AS young,
       count(*) FILTER (WHERE query = '<insufficient privilege>') AS hidden,
       current_setting('max_connections')::int AS "limit",
       current_setting('superuser_reserved_connections')::int
         + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved
  FROM pg_stat_activity
 WHERE backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL)
 GROUP BY usename, application_name
 ORDER BY count(*) DESC, usename, application_name
