select id from cooks where name like '%ann%';
