select id, title from recipes where id > $1;
