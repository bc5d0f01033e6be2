-- Foreign keys that no index of their own table serves: one whose leading columns are the key's, in any order.
SELECT conname AS name,
       CASE WHEN own.nspname = 'public' THEN owner.relname ELSE own.nspname || '.' || owner.relname END AS relation,
       (SELECT array_agg(attname::text ORDER BY place)
          FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
               JOIN pg_attribute ON attrelid = conrelid AND attnum = number) AS columns,
       CASE WHEN above.nspname = 'public' THEN parent.relname ELSE above.nspname || '.' || parent.relname END AS "references",
       CASE confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default'
                        WHEN 'r' THEN 'restrict' ELSE 'no action' END AS on_delete
  FROM pg_constraint
       JOIN pg_class AS owner ON owner.oid = conrelid
       JOIN pg_namespace AS own ON own.oid = owner.relnamespace
       JOIN pg_class AS parent ON parent.oid = confrelid
       JOIN pg_namespace AS above ON above.oid = parent.relnamespace
 WHERE contype = 'f'
   AND owner.relpages >= 128
   AND NOT EXISTS (
         SELECT FROM pg_index
          WHERE indrelid = conrelid AND indisvalid AND indpred IS NULL
            AND (string_to_array(indkey::text, ' ')::int2[])[1:cardinality(conkey)] @> conkey)
 ORDER BY owner.relpages DESC, name
 LIMIT 200
