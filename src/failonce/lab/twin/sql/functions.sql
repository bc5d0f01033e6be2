-- Functions a statement or an index may call; those a twin cannot have only by name.
select p.oid::regprocedure::text as name, l.lanname as language,
       case when l.lanname in ('sql', 'plpgsql') and p.prokind = 'f' then pg_get_functiondef(p.oid) end as sql
  from pg_proc p
  join pg_language l on l.oid = p.prolang
  join pg_namespace n on n.oid = p.pronamespace
 where p.oid >= 16384 and p.prokind in ('f', 'a', 'w') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'failonce')
   and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
   -- A range type brings its constructors, an extension its functions.
   and not exists (select from pg_depend d
                    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i'))
 order by p.oid
