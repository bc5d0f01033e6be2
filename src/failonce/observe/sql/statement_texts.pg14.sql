-- The texts of the given statements. Utility statements keep their literals here, passwords among them: masked as well.
SELECT queryid,
       {mask} AS text,
       strpos(query, '/*application=''failonce''*/') > 0 AS is_ours
  FROM (SELECT DISTINCT ON (queryid) queryid, left(query, 20000) AS query
          FROM {schema}.pg_stat_statements(true)
         WHERE queryid = ANY (%(query_ids)s::bigint[])
           AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND query <> '<insufficient privilege>') AS statement
