select v.rating from cooks c join reviews v on v.cook_id = c.id where c.name = $1 limit 50;
