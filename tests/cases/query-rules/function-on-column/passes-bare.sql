select id from reviews where created_at >= $1 and created_at < $2 limit 50;
