delete from recipes where id = $1;
