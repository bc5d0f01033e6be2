"""What the shop serves for reading: products, carts, orders; its writing pages are in checkout.py."""

from __future__ import annotations

from decimal import Decimal

from failonce.lab.shop.releases import Release
from failonce.lab.webapp import page
from failonce.lab.webapp.page import Missing, Page, Row, Statements

Visit = page.Visit[Release]


def product(visit: Visit) -> Row:
    with visit.database() as database:
        found = database.rows(
            """
            select p.id, p.name, p.price_cents, p.description, s.quantity from products p
            join stock s on s.product_id = p.id where p.id = %(id)s
            """,
            id=visit.parameters["id"],
        )
        if not found:
            raise Missing
        sold = database.rows(
            "select count(*) as times, max(order_id) as lately from order_items where product_id = %(id)s",
            id=visit.parameters["id"],
        )
        if visit.release.shows_queue:
            database.rows("select id from messages where state = %(state)s order by id limit 1", state="queued")
        if visit.release.offers_what_is_free:
            _free(database, visit.parameters["id"])
        if visit.release.notes_what_is_shown:
            _note_shown(database, visit.parameters["id"])
        left = None
        if visit.release.counts_vouchers:
            left = database.rows(
                "select count(*) as vouchers from vouchers where campaign = (select id from campaigns where runs)"
            )
        listed = None
        if visit.release.shows_listing_date:
            listed = database.rows("select listed_at from products where id = %(id)s", id=visit.parameters["id"])
    return {**found[0], "sold": sold, "left": left, "listed": listed}


def _free(database: Statements, product_id: str) -> list[Row]:
    """Return the cheapest products of the same category that are in none of the latest carts."""
    return database.rows(
        """
        select id, name, price_cents from products
        where category_id = (select category_id from products where id = %(id)s)
        and id not in (select product_id from cart_items where cart_id > (select max(id) - 15000 from carts))
        order by price_cents limit 20
        """,
        id=product_id,
    )


def _note_shown(database: Statements, product_id: str) -> None:
    """Note the products beside this one as shown, under a cart of the visitor's."""
    database.rows(
        """
        insert into cart_events (cart_id, kind, details)
        select 1 + %(id)s %% 80000, 'shown', name || ': ' || description
        from products where id between %(id)s and %(id)s + 299
        """,
        id=product_id,
    )


def category(visit: Visit) -> Row:
    """The cheapest products, and those that sell best: that takes longer to work out and is kept for a while."""
    category_id = visit.parameters["id"]
    with visit.database() as database:
        cheapest = database.rows(
            "select id, name, price_cents from products where category_id = %(id)s order by price_cents limit 20",
            id=category_id,
        )
        left = []
        if visit.release.counts_stock_one_by_one:
            every = database.rows("select id from products where category_id = %(id)s", id=category_id)
            left = [_left(database, row["id"]) for row in every]
    return {
        "cheapest": cheapest,
        "left": left,
        "best": visit.cached(f"best {category_id}", lambda: _bestsellers(visit)),
    }


def _left(database: Statements, product_id: int) -> Row:
    return database.rows("select quantity from stock where product_id = %(id)s", id=str(product_id))[0]


def _bestsellers(visit: Visit) -> list[Row]:
    with visit.database() as database:
        return database.rows(
            """
            select i.product_id, sum(i.quantity) as sold from order_items i join products p on p.id = i.product_id
            join orders o on o.id = i.order_id
            where p.category_id = %(id)s and o.placed_at > now() - interval '3 years'
            group by i.product_id order by sold desc limit 10
            """,
            id=visit.parameters["id"],
        )


def cart(visit: Visit) -> list[Row]:
    with visit.database() as database:
        return database.rows(
            """
            select i.product_id, i.quantity, p.name, p.price_cents from cart_items i
            join products p on p.id = i.product_id where i.cart_id = %(id)s
            """,
            id=visit.parameters["id"],
        )


def orders_of_customer(visit: Visit) -> Row:
    """The latest orders, and how many messages about them are still under way."""
    with visit.database() as database:
        latest = database.rows(
            """
            select id, number, state, total_cents, placed_at from orders
            where customer_id = %(id)s order by placed_at desc limit 10
            """,
            id=visit.parameters["id"],
        )
        unsent = database.rows(
            "select count(*) as messages from messages where customer_id = %(id)s", id=visit.parameters["id"]
        )
    return {"orders": latest, "unsent": unsent[0]["messages"]}


def packing_list(visit: Visit) -> list[Row]:
    """What is paid and not yet packed, the oldest first."""
    with visit.database() as database:
        return database.rows(
            """
            select o.id, o.number, c.name as customer, o.note, i.quantity, p.name as first from orders o
            join customers c on c.id = o.customer_id
            join order_items i on i.order_id = o.id and i.line = 0 join products p on p.id = i.product_id
            where o.state = %(state)s and o.warehouse_id = %(warehouse)s order by o.placed_at limit 20
            """,
            state="paid",
            warehouse=visit.parameters["id"],
        )


def order_by_number(visit: Visit) -> Row:
    number = visit.parameters["number"]
    with visit.database() as database:
        found = database.rows(
            "select id, state, total_cents, placed_at from orders where number = %(number)s",
            number=Decimal(number) if visit.release.numbers_are_decimals else number,
        )
    if not found:
        raise Missing
    return found[0]


def movements(visit: Visit) -> list[Row]:
    """What went in and out today, by product: that is in one partition."""
    today = "moved_at > now() - interval '1 day'"
    if visit.release.compares_printed_days:
        today = "to_char(moved_at, 'YYYY-MM-DD') = to_char(now(), 'YYYY-MM-DD')"
    with visit.database() as database:
        return database.rows(
            f"""
            select product_id, sum(quantity) as moved, max(moved_at) as lately from movements
            where {today} and warehouse_id = %(id)s group by product_id order by lately desc limit 50
            """,
            id=visit.parameters["id"],
        )


PAGES = (
    Page("GET", "/products/:id", product),
    Page("GET", "/categories/:id", category),
    Page("GET", "/carts/:id", cart),
    Page("GET", "/customers/:id/orders", orders_of_customer),
    Page("GET", "/warehouses/:id/packing", packing_list),
    Page("GET", "/orders", order_by_number),
    Page("GET", "/warehouses/:id/movements", movements),
)
