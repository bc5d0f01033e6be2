-- SpiceShare: cooks publish recipes, other cooks review them, mark them as favourites and follow one another.
-- About two million rows from a fixed seed, old ones first, as they would have come in. To be quick, tables are
-- unlogged and get their keys when they are full; there are no foreign keys, checking them would take longest.

select setseed(0.41);

create unlogged table cooks as
select n::integer as id,
       'cook' || n as name,
       (array['Lyon', 'Oaxaca', 'Kyoto', 'Accra', 'Izmir', 'Kochi', 'Bergen', 'Hanoi'])[1 + (random() * 7)::int] as home,
       now() - (50001 - n) * interval '50 minutes' as joined_at, null::timestamptz as seen_at
from generate_series(1, 50000) n;

-- The earlier cooks publish more than the late ones.
create unlogged table recipes as
select n::integer as id,
       (1 + 50000 * random() ^ 2)::integer as cook_id,
       'Recipe ' || n as title,
       (array['thai', 'greek', 'mexican', 'indian', 'french', 'ghanaian', 'turkish', 'japanese'])[1 + (random() * 7)::int]
           as cuisine,
       (5 + random() * 115)::integer as minutes,
       (1 + random() * 2)::smallint as difficulty,
       'Chop, fry, stir, wait. ' || repeat('Taste and season again. ', (3 + random() * 8)::int) as method,
       now() - (200001 - n) * interval '12 minutes' as published_at
from generate_series(1, 200000) n;

-- A few recipes get most of the reviews: the first one some thousands, half of them three or fewer.
-- A few reviews are featured in one of four newsletters; thanks for them are counted by some releases.
create unlogged table reviews as
select n::bigint as id,
       (1 + 199999 * random() ^ 2)::integer as recipe_id,
       (1 + 49999 * random())::integer as cook_id,
       (1 + random() * 4)::smallint as rating,
       repeat((array['Made it twice this week. ', 'Too much salt for us, otherwise a keeper. ', 'Needs more heat! ',
                     'My grandmother would approve. ', 'Quick, cheap and the children ate it. ', 'Five stars. ',
                     'Worked well with oat milk instead. ', 'Came out dry after half an hour, so watch it. '
                    ])[1 + (random() * 7)::int], (1 + random() * 7)::int) as comment,
       now() - (1500001 - n) * interval '1 minute' as created_at,
       case when n % 5000 = 0 then n / 5000 % 4 end::smallint as featured_in,
       case when n % 5000 = 0 then 0 end as thanks
from generate_series(1, 1500000) n;

create unlogged table favourites as
select (1 + n / 10)::integer as cook_id, (n % 10 * 20000 + 1 + 19998 * random() ^ 2)::integer as recipe_id, now() as since
from generate_series(0, 399999) n;

create unlogged table follows as
select (1 + n / 8)::integer as cook_id, (n % 8 * 6250 + 1 + 6248 * random() ^ 2)::integer as followed_id
from generate_series(0, 399999) n;

-- Figures that some releases keep for the whole of SpiceShare.
create unlogged table tallies as
select name, 0::bigint as value from unnest(array['activity', 'views']) as name;

alter table cooks add primary key (id);
alter table recipes add primary key (id);
alter table reviews alter id set not null, alter id add generated always as identity (start 1500001), add primary key (id);
alter table favourites add primary key (cook_id, recipe_id);
alter table follows add primary key (cook_id, followed_id);
alter table tallies add primary key (name);

create index recipes_cook_id_published_at on recipes (cook_id, published_at desc);
create index recipes_cuisine_published_at on recipes (cuisine, published_at desc);
create index reviews_recipe_id_created_at on reviews (recipe_id, created_at desc);

-- Sets the visibility map and the statistics, so that autovacuum has nothing to do afterwards.
vacuum (analyze) cooks, recipes, reviews, favourites, follows, tallies;
