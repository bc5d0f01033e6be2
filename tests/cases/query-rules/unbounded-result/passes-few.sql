select id, title from recipes where cook_id = $1;
