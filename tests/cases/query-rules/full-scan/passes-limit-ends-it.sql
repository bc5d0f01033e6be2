-- Every eighth recipe is of a cuisine: twenty are found at once.
select * from recipes where cuisine = $1 limit 20;
