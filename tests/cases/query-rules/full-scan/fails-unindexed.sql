select * from reviews where cook_id = $1 and rating = 3 order by created_at desc limit 5;
