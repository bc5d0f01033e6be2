-- Enums, domains, composites and ranges of the user's own, with the text that creates each.
select format_type(t.oid, null) as name,
       case t.typtype
       when 'e' then 'create type ' || q.name || ' as enum ('
                     || coalesce((select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
                                    from pg_enum e where e.enumtypid = t.oid), '') || ')'
       when 'd' then 'create domain ' || q.name || ' as ' || format_type(t.typbasetype, t.typtypmod)
                     || coalesce(' default ' || t.typdefault, '') || case when t.typnotnull then ' not null' else '' end
                     || coalesce((select string_agg(' constraint ' || quote_ident(k.conname) || ' ' ||
                                                    pg_get_constraintdef(k.oid), '' order by k.oid)
                                    from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), '')
       when 'r' then 'create type ' || q.name || ' as range (subtype = '
                     || (select format_type(r.rngsubtype, null) from pg_range r where r.rngtypid = t.oid) || ')'
       when 'c' then 'create type ' || q.name || ' as ('
                     || coalesce((select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod),
                                                    ', ' order by a.attnum)
                                    from pg_attribute a
                                   where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '') || ')'
       end as sql
  from pg_type t
  join pg_namespace n on n.oid = t.typnamespace
 cross join lateral (select quote_ident(n.nspname) || '.' || quote_ident(t.typname) as name) q
 where t.oid >= 16384 and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'failonce')
   and (t.typtype in ('e', 'd', 'r')
        or t.typtype = 'c' and (select relkind from pg_class c where c.oid = t.typrelid) = 'c')
   and not exists (select from pg_depend d
                    where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
 order by t.oid
