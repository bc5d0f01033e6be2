select c.name, r.title from cooks c join recipes r on r.cook_id = c.id where c.home = $1 limit 20;
