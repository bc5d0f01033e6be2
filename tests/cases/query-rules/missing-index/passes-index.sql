select * from recipes where cook_id = $1 order by published_at desc limit 5;
