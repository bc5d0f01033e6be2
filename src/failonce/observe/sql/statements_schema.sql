-- Where pg_stat_statements was installed in this database, ready to be put in front of its name.
SELECT quote_ident(nspname) AS name,
       has_schema_privilege(pg_namespace.oid, 'USAGE') AS is_open
  FROM pg_extension
       JOIN pg_namespace ON pg_namespace.oid = extnamespace
 WHERE extname = 'pg_stat_statements'
