select * from reviews where created_at > now() - interval '60 days' and cook_id = $1;
