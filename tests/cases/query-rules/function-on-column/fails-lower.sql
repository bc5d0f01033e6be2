select id, cuisine from recipes where lower(title) = $1;
