select id from reviews where created_at::date = $1;
