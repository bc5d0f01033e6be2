select r.title, c.name from cooks c, recipes r where c.id = $1 and r.cook_id = $2;
