select l.oid::int8 as number, l.collname::text as name from pg_collation l where l.oid = any(%(collations)s::int8[]::oid[])
