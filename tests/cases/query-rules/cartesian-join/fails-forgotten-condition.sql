select c.name, r.title from cooks c, recipes r where c.home = $1 and r.cook_id = $2 limit 20;
