delete from reviews where created_at < now() - interval '10 years' and rating < 2;
