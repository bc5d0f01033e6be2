select id from recipes where title like '%' || $1 || '%';
