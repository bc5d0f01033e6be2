"""What the shop serves for writing: items into carts, carts into orders, money for goods, messages out."""

from __future__ import annotations

from failonce.lab.shop import contended
from failonce.lab.shop.pages import Visit
from failonce.lab.webapp.page import Missing, Page, Row, Statements


def add_item(visit: Visit) -> list[Row]:
    with visit.database() as database, database.transaction():
        added = database.rows(
            """
            insert into cart_items (cart_id, product_id, quantity) values (%(cart)s, %(product)s, 1)
            on conflict (cart_id, product_id) do update set quantity = cart_items.quantity + 1 returning quantity
            """,
            cart=visit.parameters["id"],
            product=visit.parameters["product"],
        )
        database.rows(
            "insert into cart_events (cart_id, kind, details) values (%(cart)s, 'item added', %(details)s)",
            cart=visit.parameters["id"],
            details="from the product page",
        )
        contended.after_adding(visit, database)
    return added


def checkout(visit: Visit) -> Row:
    """Turn a cart into an order, then ask for the money: the payment service is not waited for in the transaction."""
    with visit.database() as database, database.transaction():
        contended.before_placing(visit, database)
        order = _place(visit, database)
        if visit.release.clears_old_carts:
            database.rows(
                """
                delete from carts where id in (select id from carts order by id limit 3 for update skip locked)
                """
            )
        contended.after_placing(visit, database)
    paid = visit.third_party(f"/payments/{order['id']}") is not None
    with visit.database() as database, database.transaction():
        database.rows(
            "insert into payments (order_id, method, state) values (%(order)s, 'card', %(state)s)",
            order=order["id"],
            state="settled" if paid else "open",
        )
        # Packed on the spot, so that the list of what is to be packed stays as short as it is.
        database.rows("update orders set state = 'done' where id = %(order)s", order=order["id"])
    return order


def _place(visit: Visit, database: Statements) -> Row:
    items = database.rows(
        "select product_id, quantity from cart_items where cart_id = %(cart)s order by product_id",
        cart=visit.parameters["id"],
    )
    if not items:
        raise Missing
    for item in items:
        database.rows(
            "update stock set quantity = quantity - %(quantity)s where product_id = %(product)s",
            quantity=str(item["quantity"]),
            product=str(item["product_id"]),
        )
    order = database.rows(
        """
        insert into orders (customer_id, number, state, warehouse_id, total_cents, note, placed_at)
        values (%(customer)s, 9000000, 'paid', 1, 4200, '', now()) returning id
        """,
        customer=visit.parameters["customer"],
    )[0]
    database.rows(
        """
        insert into order_items (order_id, line, product_id, quantity)
        select %(order)s, row_number() over (order by product_id), product_id, quantity
        from cart_items where cart_id = %(cart)s
        """,
        order=str(order["id"]),
        cart=visit.parameters["id"],
    )
    return order


def send_message(visit: Visit) -> list[Row]:
    """Take the next message from the queue and put another one in: customers keep ordering."""
    with visit.database() as database, database.transaction():
        taken = database.rows(
            """
            delete from messages where id = (select id from messages where state = 'queued' order by id
                                             limit 1 for update skip locked) returning customer_id, body
            """
        )
        for message in taken:
            database.rows(
                "insert into messages (customer_id, state, body) values (%(customer)s, 'queued', %(body)s)",
                customer=str(message["customer_id"]),
                body=message["body"],
            )
    return taken


PAGES = (
    Page("POST", "/carts/:id/items", add_item),
    Page("POST", "/carts/:id/checkout", checkout),
    Page("POST", "/messages/next", send_message),
)
