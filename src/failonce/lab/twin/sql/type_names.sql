-- Types and collations by number.
select k.number, format_type(k.number::oid, null) as type, t.typcategory::text as category
  from unnest(%(types)s::int8[]) as k(number) join pg_type t on t.oid = k.number::oid
