-- Transactions that were prepared and neither committed nor rolled back; they belong to no session.
SELECT gid, owner, extract(epoch FROM clock_timestamp() - prepared)::float8 AS age_s
  FROM pg_prepared_xacts
 WHERE database = current_database()
 ORDER BY prepared
 LIMIT 20
