select * from reviews where created_at > now() - interval '14 days' and cook_id = $1;
