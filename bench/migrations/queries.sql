-- What SpiceShare v41 sends.
select r.id, r.title, r.cuisine, r.minutes, r.difficulty, r.method, r.published_at, r.cook_id, c.name from recipes r join cooks c on c.id = r.cook_id where r.id = %(id)s;
select r.id, r.rating, r.comment, r.created_at, c.name from reviews r join cooks c on c.id = r.cook_id where r.recipe_id = %(id)s order by r.created_at desc limit 20;
select s.id, s.title from recipes r join recipes s on s.cuisine = r.cuisine where r.id = %(id)s and s.published_at > now() - interval '2 years' order by abs(s.minutes - r.minutes) + 10 * abs(s.difficulty - r.difficulty), s.published_at desc limit 5;
select r.id, r.title, r.minutes, r.published_at, c.name from recipes r join cooks c on c.id = r.cook_id where r.cuisine = %(cuisine)s and r.published_at < now() - %(days)s * interval '1 day' order by r.published_at desc limit 20;
select difficulty, count(*) as recipes, round(avg(minutes)) as minutes from recipes where cuisine = %(cuisine)s and published_at > now() - interval '2 years' group by difficulty;
select id, title, cuisine, published_at from recipes where cook_id = %(id)s order by published_at desc limit 20;
select r.id, r.title, r.cuisine, r.published_at, r.cook_id from follows f join recipes r on r.cook_id = f.followed_id where f.cook_id = %(cook)s order by r.published_at desc limit 20;
insert into favourites (cook_id, recipe_id, since) values (%(cook)s, %(id)s, now()) on conflict (cook_id, recipe_id) do update set since = excluded.since returning since;
insert into reviews (recipe_id, cook_id, rating, comment, created_at) values (%(id)s, %(cook)s, %(rating)s, 'Made it for the first time today.', now()) returning id;
select count(*) from follows where cook_id = %(id)s;
