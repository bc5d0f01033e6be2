-- The user's relations: all of them, or the named ones with what they are made of: partitions and their parents, the
-- tables behind a view, sequences behind a default.
with recursive named(oid) as (
    select coalesce(to_regclass(name), to_regclass(
        (select string_agg(quote_ident(part), '.' order by place)
           from unnest(string_to_array(name, '.')) with ordinality as p(part, place))))::oid
      from unnest(%(names)s::text[]) as name
), wanted(oid) as (
    select oid from named
  union
    select part.oid from wanted, lateral (
        select inhrelid from pg_inherits where inhparent = wanted.oid
      union all
        select inhparent from pg_inherits where inhrelid = wanted.oid
      union all
        select d.refobjid from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         where r.ev_class = wanted.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
      union all
        select d.refobjid from pg_attrdef a join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = a.oid
         where a.adrelid = wanted.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> a.adrelid
    ) as part(oid)
), tables as (
    select c.oid from pg_class c
     where c.relkind in ('r', 'p', 'm', 'v', 'S') and c.relpersistence <> 't' and c.oid >= 16384
       and (%(names)s::text[] is null or c.oid in (select oid from wanted))
       and not exists (select from pg_depend d
                        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
)
select c.oid::int8 as oid, n.nspname as schema, c.relname as name, c.relkind::text as kind, c.relpages as pages,
       c.reltuples as rows, c.relallvisible as pages_all_visible,
       case when c.relkind in ('r', 'm', 'i') then coalesce(pg_relation_size(c.oid), 0) end as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'failonce')
   and (c.oid in (select oid from tables)
        or c.oid in (select indexrelid from pg_index where indisvalid and indrelid in (select oid from tables)))
 order by 2, 3
