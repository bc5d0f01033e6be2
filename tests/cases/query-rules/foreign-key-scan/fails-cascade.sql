delete from cooks where id = $1;
