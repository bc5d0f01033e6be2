select id from recipes order by id limit 20 offset 40;
