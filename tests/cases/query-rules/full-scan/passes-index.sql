select * from reviews where recipe_id = $1 order by created_at desc limit 20;
