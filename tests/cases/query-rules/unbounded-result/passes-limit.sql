select id, title from recipes where id > $1 order by id limit 100;
