-- The place of each value in the order of the database.
select value from unnest(%(values)s::text[]) as value order by value collate {collation}, value collate "C"
