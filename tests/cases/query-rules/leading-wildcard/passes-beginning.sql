select id from recipes where title like 'Recipe 12%' limit 20;
