"""What the shop's visitors ask for, the people in its warehouses among them."""

from __future__ import annotations

import random


def choose(chance: random.Random) -> tuple[str, str]:
    """Return one visitor's request: every sixth writes, and some products sell far more than others."""
    product, customer = 1 + int(40_000 * chance.random() ** 2), 1 + int(60_000 * chance.random())
    cart, order = 1 + int(80_000 * chance.random()), 1 + int(700_000 * chance.random())
    match chance.choices(range(10), weights=(20, 12, 8, 8, 8, 16, 8, 10, 8, 2))[0]:
        case 0:
            return "GET", f"/products/{product}"
        case 1:
            return "GET", f"/categories/{1 + int(10 * chance.random() ** 2)}"
        case 2:
            return "GET", f"/carts/{cart}"
        case 3:
            return "POST", f"/carts/{cart}/items?product={product}"
        case 4:
            return "POST", f"/carts/{cart}/checkout?customer={customer}"
        case 5:
            return "GET", f"/customers/{customer}/orders"
        case 6:
            return "GET", f"/warehouses/{chance.randint(1, 8)}/packing"
        case 7:
            return "GET", f"/orders?number={1_000_000 + order}"
        case 8:
            return "GET", f"/warehouses/{chance.randint(1, 8)}/movements"
        case _:
            return "POST", "/messages/next"
