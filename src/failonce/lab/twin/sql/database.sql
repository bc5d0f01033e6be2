-- Fields that a version may lack are asked for by name.
select current_database()::text as name,
       case coalesce(to_jsonb(d) ->> 'datlocprovider', 'c')
       when 'c' then d.datcollate in ('C', 'POSIX')
       when 'b' then coalesce(to_jsonb(d) ->> 'datlocale', '') = 'C'
       else false end as c_collation
  from pg_database d where d.datname = current_database()
