-- Backends of this database that are not idle, ours left out. Texts only of statements not known by id or by
-- the instant they began. An idle one is listed when it blocked somebody at the reading before: it holds an advisory
-- lock for its session. pg_blocking_pids takes every lock partition: waiters only.
SELECT pid,
       backend_type AS kind,
       coalesce(usename, '') AS "user",
       coalesce(nullif(application_name, ''), substring(tags FROM 'application=''([^'']*)'''), '') AS application,
       state,
       wait_event_type AS wait_type,
       wait_event,
       query_id,
       query_start,
       CASE WHEN query_id = ANY (%(query_ids)s::bigint[]) OR query_start = ANY (%(starts)s::timestamptz[])
            THEN NULL ELSE {mask} END AS text,
       octet_length(query) >= pg_size_bytes(current_setting('track_activity_query_size')) - 1 AS is_cut,
       substring(tags FROM 'route=''([^'']*)''') AS route,
       substring(tags FROM 'release=''([^'']*)''') AS release,
       extract(epoch FROM clock_timestamp() - query_start)::float8 AS query_age_s,
       extract(epoch FROM clock_timestamp() - xact_start)::float8 AS transaction_age_s,
       extract(epoch FROM clock_timestamp() - state_change)::float8 AS state_age_s,
       greatest(age(backend_xmin), age(backend_xid)) AS horizon_age,
       CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) ELSE '{}' END AS blocked_by
  FROM pg_stat_activity
       CROSS JOIN LATERAL (SELECT {tags} AS tags) AS comment
 WHERE datname = current_database()
   AND backend_type IN ('client backend', 'parallel worker')
   AND (state <> 'idle' OR pid = ANY (%(blockers)s::int[]))
   AND application_name <> 'failonce'
 ORDER BY pid
