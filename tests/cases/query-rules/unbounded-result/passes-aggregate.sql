select max(published_at) from recipes where cook_id = $1;
