-- Connections of this database that are idle outside a transaction for two seconds and more, ours left out: together
-- by whose they are and by the statement they ran last, which is still there to be read, with its tags.
SELECT "user", application, release, query_id, sessions, oldest_s,
       {mask} AS text,
       octet_length(query) >= pg_size_bytes(current_setting('track_activity_query_size')) - 1 AS is_cut
  FROM (
    SELECT coalesce(usename, '') AS "user",
           coalesce(application_name, '') AS application,
           substring(tags FROM 'release=''([^'']*)''') AS release,
           query_id,
           count(*) AS sessions,
           max(extract(epoch FROM clock_timestamp() - state_change))::float8 AS oldest_s,
           max(query) AS query
      FROM pg_stat_activity
           CROSS JOIN LATERAL (SELECT {tags} AS tags) AS comment
     WHERE datname = current_database()
       AND backend_type = 'client backend'
       AND state = 'idle'
       AND state_change < clock_timestamp() - interval '2 seconds'
       AND application_name <> 'failonce'
     GROUP BY usename, application_name, release, query_id
     ORDER BY count(*) DESC
     LIMIT 20) AS parked
 ORDER BY sessions DESC, query_id
