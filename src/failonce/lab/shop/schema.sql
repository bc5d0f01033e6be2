-- A shop: customers fill carts with products, check out, and pay; the warehouse packs what was ordered. Some three
-- million rows from a fixed seed, old ones first. To be quick, tables are unlogged and get their keys when they are
-- full; foreign keys hold from now on, old rows are not checked.

select setseed(0.27);

create unlogged table customers as
select n::integer as id, 'Customer ' || n as name, 'c' || n || '@example.com' as email,
       now() - (60001 - n) * interval '40 minutes' as joined_at
from generate_series(1, 60000) n;

create unlogged table products as
select n::integer as id, (1 + 199 * random() ^ 2)::integer as category_id, 'Product ' || n as name,
       (100 + 20000 * random() ^ 3)::integer as price_cents, repeat('Well made. ', (2 + random() * 12)::int) as description,
       now() - (40001 - n) * interval '1 hour' as listed_at, now() as updated_at
from generate_series(1, 40000) n;

create unlogged table stock as
select n::integer as product_id, 100000 as quantity from generate_series(1, 40000) n;

create unlogged table carts as
select n::integer as id, (1 + 59999 * random())::integer as customer_id, now() - (80001 - n) * interval '1 minute' as begun_at
from generate_series(1, 80000) n;

create unlogged table cart_items as
select (1 + n / 3)::integer as cart_id, (1 + n % 3 * 13000 + 12999 * random())::integer as product_id, 1 as quantity
from generate_series(0, 239999) n;

-- What visitors did with their carts, for the marketing people; nobody reads it by cart.
-- A page has room for another version of a row or two: events are corrected later.
create unlogged table cart_events with (fillfactor = 90) as
select n::bigint as id, (1 + n / 10)::integer as cart_id, repeat('x', 120) as details,
       case when n % 500 = 0 then 'campaign ' || n / 500 % 4 else 'item viewed' end as kind
from generate_series(0, 799999) n;

-- Figures that everybody wants to read and some releases want to write.
create unlogged table counters as
select name, 0::bigint as value from unnest(array['sales', 'stock value']) as name;

-- Nearly all orders are done; the newest few are still to be packed.
create unlogged table orders as
select n::bigint as id, (1 + 59999 * random())::integer as customer_id, 1000000 + n::bigint as number,
       case when n > 699700 then 'paid' else 'done' end as state, (1 + 7 * random())::smallint as warehouse_id,
       (500 + 30000 * random() ^ 2)::integer as total_cents, repeat('Leave it at the door. ', (random() * 10)::int) as note,
       now() - (700001 - n) * interval '2 minutes' as placed_at
from generate_series(1, 700000) n;

create unlogged table order_items as
select (1 + n % 700000)::bigint as order_id, (n / 700000)::smallint as line, (1 + n % 2 * 20000 + 19999 * random() ^ 2)::integer as product_id,
       (1 + 2 * random())::integer as quantity
from generate_series(0, 799999) n;

create unlogged table payments as
select n::bigint as id, n::bigint as order_id, 'card' as method, 'settled' as state, now() as settled_at
from generate_series(500000, 700000) n;

-- Goods in and out of the warehouses, a partition for each month of the last year.
create table movements (product_id integer not null, warehouse_id smallint not null, quantity integer not null,
                        reason text not null, moved_at timestamptz not null) partition by range (moved_at);

do $$
begin
  for month in 1..13 loop
    execute format('create unlogged table movements_%s partition of movements for values from (%L) to (%L)', lpad(month::text, 2, '0'),
                   date_trunc('day', now()) - (month + 1) * interval '30 days' + interval '60 days',
                   date_trunc('day', now()) - month * interval '30 days' + interval '60 days');
  end loop; end $$;

insert into movements
select (1 + 39999 * random())::integer, (1 + 7 * random())::smallint, 1, 'sale, counted by hand in the evening',
       now() - (600001 - n) * interval '50 seconds' from generate_series(1, 600000) n;

-- Messages to the customers that are still to be sent: a short queue, always in motion. Five hundred rows need no index.
create unlogged table messages as
select n::bigint as id, (1 + 59999 * random())::integer as customer_id, 'queued' as state, repeat('Dear customer. ', 30) as body
from generate_series(1, 500) n;

alter table customers add primary key (id);
alter table products add primary key (id);
alter table stock add primary key (product_id);
alter table carts alter id set not null, alter id add generated always as identity (start 80001), add primary key (id);
alter table cart_items add primary key (cart_id, product_id);
alter table cart_events alter id set not null, alter id add generated always as identity (start 800000), add primary key (id);
alter table counters add primary key (name);
alter table orders alter id set not null, alter id add generated always as identity (start 700001), add primary key (id);
alter table order_items add primary key (order_id, line);
alter table payments alter id set not null, alter id add generated always as identity (start 700001), add primary key (id);
alter table messages alter id set not null, alter id add generated always as identity (start 501), add primary key (id);

create index products_category_id on products (category_id, price_cents);
create index carts_customer_id on carts (customer_id);
create index orders_customer_id_placed_at on orders (customer_id, placed_at);
create index orders_placed_at on orders (placed_at);
create index orders_number on orders (number);
create index orders_state on orders (state) where state <> 'done';
create index payments_order_id on payments (order_id);
create index order_items_product_id_order_id on order_items (product_id, order_id);
create index movements_moved_at on movements (moved_at);

alter table cart_items add foreign key (cart_id) references carts on delete cascade not valid;
alter table cart_events add foreign key (cart_id) references carts on delete cascade not valid;
alter table order_items add foreign key (order_id) references orders on delete cascade not valid;
alter table payments add foreign key (order_id) references orders on delete cascade not valid;

-- Sets the visibility map and the statistics, so that autovacuum has nothing to do afterwards.
vacuum (analyze) customers, products, stock, carts, cart_items, cart_events, counters, orders, order_items, payments, movements, messages;
