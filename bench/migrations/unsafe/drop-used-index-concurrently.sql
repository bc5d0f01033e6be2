-- Without a lock, and each view of a recipe reads the whole table all the same.
drop index concurrently reviews_recipe_id_created_at;
