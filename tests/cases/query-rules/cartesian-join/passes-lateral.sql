select c.id, r.title from cooks c cross join lateral (select title from recipes where cook_id = c.id limit 3) r where c.home = $1 limit 10;
