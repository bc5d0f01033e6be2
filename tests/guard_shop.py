"""A shop with tables large enough to matter."""

from contextlib import contextmanager

import psycopg

SHOP = """
create unlogged table cooks as
    select n as id, 'cook' || n as name, 'Lyon' || n % 8 as home, now() - n * interval '1 hour' as joined_at
    from generate_series(1, 20000) n;
create unlogged table recipes as
    select n as id, n % 20000 as cook_id, 'Recipe ' || n as title, 'cuisine' || n % 8 as cuisine, n % 120 as minutes,
           case when n % 1000 = 0 then 'draft' else 'published' end as state,
           now() - n * interval '1 minute' as published_at
    from generate_series(1, 150000) n;
create unlogged table reviews as
    select n as id, n % 100000 as recipe_id, 1 + n % 20000 as cook_id, n % 5 as rating,
           now() - n * interval '1 minute' as created_at
    from generate_series(1, 300000) n;
alter table cooks add primary key (id);
alter table recipes add primary key (id);
alter table reviews add primary key (id);
create index cooks_name on cooks (name);
create index recipes_cook_id on recipes (cook_id, published_at desc);
create index recipes_title on recipes (title);
create index recipes_drafts on recipes (published_at) where state = 'draft';
create index reviews_recipe_id on reviews (recipe_id, created_at desc);
create index reviews_created_at on reviews (created_at);
alter table reviews add foreign key (cook_id) references cooks on delete cascade not valid;
vacuum (analyze) cooks, recipes, reviews;
"""
RELATIONS = ("cooks", "recipes", "reviews")


def fill(dsn: str) -> None:
    """Make the shop in an empty database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in SHOP.split(";\n"):
            connection.execute(statement.encode())


@contextmanager
def fresh_shop(server, name):
    """Make the shop in a database of this name while the block runs; gives its DSN."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    fill(server.dsn(dbname=name))
    yield server.dsn(dbname=name)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
