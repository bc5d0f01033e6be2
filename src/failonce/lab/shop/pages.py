"""What the shop serves for reading: products, carts, orders; its writing pages are in checkout.py."""

from __future__ import annotations

from failonce.lab.shop.releases import Release
from failonce.lab.webapp import page
from failonce.lab.webapp.page import Missing, Page, Row

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
        listed = None
        if visit.release.shows_listing_date:
            listed = database.rows("select listed_at from products where id = %(id)s", id=visit.parameters["id"])
    return {**found[0], "listed": listed}


def category(visit: Visit) -> Row:
    """The cheapest products, and those that sell best: that takes longer to work out and is kept for a while."""
    category_id = visit.parameters["id"]
    with visit.database() as database:
        cheapest = database.rows(
            "select id, name, price_cents from products where category_id = %(id)s order by price_cents limit 20",
            id=category_id,
        )
    return {"cheapest": cheapest, "best": visit.cached(f"best {category_id}", lambda: _bestsellers(visit))}


def _bestsellers(visit: Visit) -> list[Row]:
    with visit.database() as database:
        return database.rows(
            """
            select i.product_id, sum(i.quantity) as sold from order_items i join products p on p.id = i.product_id
            where p.category_id = %(id)s group by i.product_id order by sold desc limit 10
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


def orders_of_customer(visit: Visit) -> list[Row]:
    with visit.database() as database:
        return database.rows(
            """
            select id, number, state, total_cents, placed_at from orders
            where customer_id = %(id)s order by placed_at desc limit 10
            """,
            id=visit.parameters["id"],
        )


def packing_list(visit: Visit) -> list[Row]:
    """What is paid and not yet packed, the oldest first."""
    with visit.database() as database:
        return database.rows(
            """
            select id, number, customer_id, note from orders
            where state = %(state)s and warehouse_id = %(warehouse)s order by placed_at limit 20
            """,
            state="paid",
            warehouse=visit.parameters["id"],
        )


def order_by_number(visit: Visit) -> Row:
    with visit.database() as database:
        found = database.rows(
            "select id, state, total_cents, placed_at from orders where number = %(number)s",
            number=visit.parameters["number"],
        )
    if not found:
        raise Missing
    return found[0]


def movements(visit: Visit) -> list[Row]:
    """The last ten days, which are in one partition or two."""
    with visit.database() as database:
        return database.rows(
            """
            select warehouse_id, quantity, reason, moved_at from movements
            where product_id = %(id)s and moved_at > now() - interval '10 days' order by moved_at desc
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
    Page("GET", "/products/:id/movements", movements),
)
