update cooks set id = $1 where id = $2;
