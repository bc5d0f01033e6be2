"""What the catalog tells beside tables and indexes: keys without an index, partitions, settings of one role."""

import psycopg
import pytest

from failonce.model.catalog import ForeignKey, Setting
from failonce.observe.catalog import CatalogChanges
from failonce.observe.connection import Connection

# More than a megabyte: smaller tables are nobody's outage.
TABLES = """
create table carts (id int primary key, shop int, unique (id, shop));
create table cart_events (id int, cart_id int references carts on delete cascade, details text);
create table cart_notes (cart_id int, shop int, details text, foreign key (cart_id, shop) references carts (id, shop));
create index on cart_notes (shop, cart_id, details);
create table moves (at date, what text) partition by range (at);
create table moves_may partition of moves for values from ('2026-05-01') to ('2026-06-01');
insert into carts select 1, 1;
insert into cart_events select n, 1, repeat('x', 100) from generate_series(1, 12000) n;
insert into cart_notes select 1, 1, repeat('x', 100) from generate_series(1, 12000) n;
insert into moves select '2026-05-03', repeat('x', 100) from generate_series(1, 12000) n;
"""


@pytest.fixture
def catalog(watcher, sql):
    for statement in TABLES.strip().split(";\n"):
        sql.execute(statement)
    sql.execute("analyze")
    connection = Connection(watcher)
    connection.open()
    changes = CatalogChanges(connection)
    yield lambda: changes.read(None).get("catalog")
    connection.close()


def test_a_key_that_no_index_serves_is_told_and_one_in_another_order_is_not(catalog, sql):
    (key,) = catalog().unindexed_keys
    assert key == ForeignKey("cart_events_cart_id_fkey", "cart_events", ("cart_id",), "carts", "cascade")
    sql.execute("create index on cart_events (cart_id) where id > 5")
    assert catalog().unindexed_keys == (key,)
    sql.execute("create index on cart_events (cart_id)")
    assert catalog().unindexed_keys == ()


def test_the_size_of_an_index_is_told_with_its_entries_and_again_when_it_moved(catalog, sql):
    def size(read):
        return next((i.entries, i.bytes) for i in read.indexes if i.name == "codes_code_idx")

    sql.execute("create table codes as select n, md5(n::text) as code from generate_series(1, 40000) n")
    sql.execute("create index on codes (code)")
    sql.execute("analyze codes")
    entries, built = size(catalog())
    assert entries == 40_000
    sql.execute("insert into codes select n, md5(n::text) from generate_series(40001, 41000) n")
    sql.execute("analyze codes")
    assert catalog() is None
    # All over the codes, and gone again: the index keeps its pages, and its entries are as many as they were.
    sql.execute("insert into codes select n, md5(n::text) from generate_series(41001, 120000) n")
    sql.execute("delete from codes where n > 41000")
    sql.execute("vacuum codes")
    entries, after = size(catalog())
    assert entries == 41_000
    assert after > 2 * built


def test_a_partition_says_whose_it_is(catalog):
    parents = {relation.name: relation.partition_of for relation in catalog().relations}
    assert parents["moves_may"] == "moves"
    assert parents["cart_events"] is None


def test_a_setting_of_one_database_is_told_and_other_peoples_words_are_not(catalog, database, sql):
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    before = catalog()
    assert not [s for s in before.settings if s.scope]
    sql.execute(f"alter database {name} set enable_nestloop = off")
    sql.execute(f"alter database {name} set app.secret = 'sesame'")
    assert [s for s in catalog().settings if s.scope] == [Setting("enable_nestloop", "off", f"database {name}")]
