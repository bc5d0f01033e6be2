select * from cooks where home = $1;
