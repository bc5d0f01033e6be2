-- What a twin does without, by name.
select 'foreign table ' || c.oid::regclass::text as name from pg_class c where c.relkind = 'f' and c.oid >= 16384
union all
select 'operator ' || o.oid::regoperator::text from pg_operator o
 where o.oid >= 16384 and not exists (select from pg_depend d where d.classid = 'pg_operator'::regclass
                                         and d.objid = o.oid and d.deptype = 'e')
union all
select 'row-level security of ' || c.oid::regclass::text from pg_class c
 where c.relrowsecurity and c.oid = any(%(oids)s::int8[]::oid[])
union all
select 'statistics of the range ' || c.oid::regclass::text || '.' || a.attname || ', which PostgreSQL shows from 17 on'
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
 where current_setting('server_version_num')::int < 170000 and c.oid = any(%(oids)s::int8[]::oid[])
   and c.relkind in ('r', 'm') and c.reltuples > 0 and a.attnum > 0 and not a.attisdropped and t.typtype in ('r', 'm')
