select id from recipes where title ilike '%soup%';
