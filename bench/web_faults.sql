create extension pg_trgm;
create table accounts (
    id int primary key, email text not null, name text not null, code text not null, country text not null,
    city text not null, active boolean not null, created_at timestamptz not null, settings jsonb not null,
    tags text[] not null, bio tsvector not null, deleted_at timestamptz);
insert into accounts
select i, 'User' || i || '@mail' || i % 50 || '.example', 'Name ' || md5(i::text), lpad(i::text, 8, 'C'), 'c' || i % 40,
       'city ' || i % 400, i % 50 = 0, '2024-01-01'::timestamptz + i * interval '7 min',
       jsonb_build_object('plan', 'p' || i % 500, 'theme', 't' || i % 3), array['tag' || i % 900, 'tag' || i % 7],
       to_tsvector('simple', 'word' || i % 2000 || ' text'), case when i % 60 > 0 then '2025-01-01'::timestamptz end
  from generate_series(1, 200000) i;
create table orders (
    id int primary key, account_id int not null, status text not null, total numeric(10, 2) not null,
    placed_at timestamptz not null, shop_id int not null, note text);
insert into orders
select i, i % 40000, case when i % 400 = 0 then 'pending' else 'done' end, i % 997,
       '2024-01-01'::timestamptz + i * interval '1 min', i % 300, repeat('n', 80)
  from generate_series(1, 800000) i;
create table items (order_id int not null, line int not null, product_id int not null, amount int not null,
                    primary key (order_id, line));
insert into items select i / 2, i % 2, (i * 7919::bigint) % 30000, 1 + i % 9 from generate_series(1, 1000000) i;
create table measures (at timestamptz not null, device int not null, value float8 not null);
insert into measures
select '2024-01-01'::timestamptz + i * interval '10 s', i % 800, i % 77 from generate_series(1, 1000000) i;
create table events (at timestamptz not null, kind text not null, account_id int not null) partition by range (at);
create table events_1 partition of events for values from ('2024-01-01') to ('2024-06-01');
create table events_2 partition of events for values from ('2024-06-01') to ('2025-01-01');
insert into events
select '2024-01-01'::timestamptz + i * interval '60 s', 'k' || i % 9, i % 20000 from generate_series(1, 400000) i;
create table addresses (
    id int primary key, shop_id int not null, city text not null, postal_code text not null, door int not null,
    floor int not null);
insert into addresses
select i, i / 7 % 300, 'city ' || i % 300 / 2, 'P' || i % 300, (i * 104729::bigint) % 211,
       (i * 15485863::bigint) % 197
  from generate_series(1, 300000) i;
create table visits (
    at timestamptz not null, region text not null, town text not null, browser text not null, screen text not null,
    ms int not null);
insert into visits
select '2024-01-01'::timestamptz + i * interval '9 s', 'region ' || i * 7919::bigint % 1500 / 30 || repeat('r', 40),
       'town ' || i * 7919::bigint % 1500 || repeat('t', 40), 'browser ' || i * 104729::bigint % 211,
       'screen ' || i * 15485863::bigint % 197, i % 900
  from generate_series(1, 1000000) i;
create table countries (code text primary key, name text not null);
insert into countries select 'c' || i, 'country ' || i from generate_series(0, 39) i;
create index orders_shop on orders (shop_id, placed_at);
create index accounts_country on accounts (country, city);
-- FAULTS
-- single column
-- best: create index on accounts (email)
select * from accounts where email = $1;

-- several columns, one range
-- best: create index on orders (account_id, placed_at)
select * from orders where placed_at > $2 and account_id = $1;

-- equality, then order
-- best: create index on orders (account_id, placed_at desc)
select id, total from orders where account_id = $1 order by placed_at desc limit 20;

-- order alone
-- best: create index on accounts (created_at)
select id, name from accounts order by created_at desc limit 20;

-- join column
-- best: create index on items (product_id)
select o.placed_at, i.amount from items i join orders o on o.id = i.order_id where i.product_id = $1;

-- join from the other side
-- best: create index on accounts (email); create index on orders (account_id)
select o.id, o.total from accounts a join orders o on o.account_id = a.id where a.email = $1;

-- covering
-- best: create index on orders (shop_id) include (total)
select sum(total) from orders where shop_id = $1;

-- expression
-- best: create index on accounts (lower(email))
select * from accounts where lower(email) = $1;

-- expression of two columns
-- best: create index on accounts ((country || city))
select * from accounts where country || city = $1;

-- key of a document
-- best: create index on accounts ((settings ->> 'plan'))
select * from accounts where settings ->> 'plan' = $1;

-- partial: a rare state
-- best: create index on orders (placed_at) where status = 'pending'
select id from orders where status = 'pending' order by placed_at limit 50;

-- partial: a flag
-- best: create index on accounts (created_at) where active
select id from accounts where active and created_at > $1 order by created_at limit 50;

-- partial: not deleted
-- best: create index on accounts (name) where deleted_at is null
select id from accounts where deleted_at is null and name = $1;

-- prefix
-- best: create index on accounts (code text_pattern_ops)
select * from accounts where code like 'CC1999%';

-- anywhere in a text
-- best: create index on accounts using gin (name gin_trgm_ops)
select * from accounts where name like '%c81e728d%';

-- case-insensitive pattern
-- best: create index on accounts using gin (email gin_trgm_ops)
select * from accounts where email ilike '%user1999@%';

-- contained in a document
-- best: create index on accounts using gin (settings jsonb_path_ops)
select * from accounts where settings @> '{"plan": "p77"}';

-- element of an array
-- best: create index on accounts using gin (tags)
select * from accounts where tags @> array['tag333'];

-- word of a text
-- best: create index on accounts using gin (bio)
select * from accounts where bio @@ to_tsquery('simple', 'word77');

-- stretch of time
-- best: create index on measures (at)
select avg(value) from measures where at >= '2024-02-01' and at < '2024-02-02';

-- partitions
-- best: create index on events (account_id)
select * from events where account_id = $1;

-- either of two columns
-- best: create index on accounts (email); create index on accounts (name)
select id from accounts where email = $1 or name = $2;

-- the row to change
-- best: create index on orders (account_id)
update orders set note = $2 where account_id = $1 and status = 'pending';

-- the rows to delete
-- best: create index on items (product_id)
delete from items where product_id = $1;

-- newest of each
-- best: create index on orders (account_id, placed_at desc)
select a.id, last.placed_at from accounts a cross join lateral (select o.placed_at from orders o where o.account_id = a.id order by o.placed_at desc limit 1) last where a.country = 'c7' and a.city = 'city 7';
-- STATISTICS
-- a city and its postal code
-- best: create statistics together (dependencies) on city, postal_code from addresses; analyze addresses
select a.door, o.total from addresses a join orders o on o.shop_id = a.shop_id and o.placed_at > $3 where a.city = $1 and a.postal_code = $2;

-- groups of a town and its region
-- best: create statistics grouped (ndistinct) on region, town from visits; analyze visits
select region, town, count(*), avg(ms) from visits group by region, town;
-- INNOCENT
select * from accounts where id = $1;
select * from accounts where country = $1 and city = $2;
select * from orders where shop_id = $1 order by placed_at desc limit 20;
select count(*) from orders;
select status, sum(total) from orders group by status;
select * from countries where name = $1;
select * from orders where total > 10;
select * from accounts where active is not null;
select c.name, count(*) from accounts a join countries c on c.code = a.country group by c.name;
insert into orders (id, account_id, status, total, placed_at, shop_id) values ($1, $2, 'pending', $3, now(), $4);
update orders set note = $2 where id = $1;
delete from items where order_id = $1 and line = $2;
select * from measures limit 100;
select 1;
-- INDEPENDENT
select a.door, o.total from addresses a join orders o on o.shop_id = a.shop_id and o.placed_at > $3 where a.door = $1 and a.floor = $2;
select a.door, o.total from addresses a join orders o on o.shop_id = a.shop_id where a.city = $1 and a.floor = $2;
select browser, screen, count(*), avg(ms) from visits group by browser, screen;
select town, browser, screen, count(*) from visits group by town, browser, screen;
