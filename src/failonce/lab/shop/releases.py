"""What each release of the shop changes, against r7."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.lab.webapp import release
from failonce.lab.webapp.sample import by_name


@dataclass(frozen=True, slots=True)
class Release(release.Release):
    """One version of the shop; what is not set is as in r7."""

    #: The page of a product tells when it was listed: harmless.
    shows_listing_date: bool = False
    #: The page of a category tells what is left of each product, asking for one after the other.
    counts_stock_one_by_one: bool = False
    #: A checkout also clears away a few carts that nobody came back to.
    clears_old_carts: bool = False
    #: Order numbers are decimals to the code, and go to the database as such.
    numbers_are_decimals: bool = False
    #: What happened today is looked for by the printed day.
    compares_printed_days: bool = False
    #: Checkout takes the next order number from a counter, first of all, so that there are no gaps: `update` adds one,
    #: `select` locks the counter, and adds one at the end.
    numbers_orders: str = ""
    #: Checkout waits for the payment service in its transaction, so that nothing unpaid is kept.
    pays_before_commit: bool = False
    #: Checkout counts sales and then stock value; putting into a cart counts stock value and then sales.
    counts_both_ways: bool = False
    #: What is put into a cart or bought is credited to the campaign that the visitor came from.
    credits_campaigns: bool = False
    #: The page of a product tells the oldest message that is still to be sent.
    shows_queue: bool = False
    #: One checkout at a time, under an advisory lock.
    queues_checkouts: bool = False
    #: The page of a product offers others of its category that lie in nobody's cart.
    offers_what_is_free: bool = False
    #: The page of a product notes down the products that were shown beside it.
    notes_what_is_shown: bool = False
    #: The page of a product tells how many vouchers of the running campaign are left.
    counts_vouchers: bool = False


RELEASES = by_name(
    (
        Release("r7", "the base"),
        # A new query, answered by the primary key.
        Release("r8", "product page: since when it is on offer", shows_listing_date=True),
        # A category has up to some thousand products, a query for each.
        Release("r9", "category page: what is left in stock", counts_stock_one_by_one=True),
        # The key of the cache was changed and matches nothing any more.
        Release("r10", "bestsellers: one cache for all countries", caches_nothing=True),
        # A cart's events go with it, and to find them the whole of their table is read: no index leads there.
        Release("r11", "checkout: old carts are cleared away", clears_old_carts=True),
        # The column is a bigint: compared with a numeric it is cast, row by row, and its index is of no use.
        Release("r12", "order numbers may have fractions", numbers_are_decimals=True),
        # A plan for any value cannot use the index that is made for the few values ever asked for.
        Release("r13", "the driver prepares statements", prepares_statements=True),
        # Neither the partition nor the index is found by what to_char makes of the time.
        Release("r14", "warehouse: movements of the calendar day", compares_printed_days=True),
        # What lies in carts is hashed once for each page: that takes some memory and little time.
        Release("r15", "product page: others that are still free", offers_what_is_free=True),
        # Some hundred short rows in one statement, on a table with one index.
        Release("r16", "product page: what was shown beside it", notes_what_is_shown=True),
        # Some hundred pages of an index in order, and not a page of its table. The table comes with the drill.
        Release("r17", "product page: how many vouchers are left", counts_vouchers=True),
        # A new number for each order is one row for everybody, and it is held while somebody else's service is slow.
        Release("r40", "order numbers without gaps", numbers_orders="update", pays_before_commit=True),
        Release("r41", "order numbers without gaps, by framework", numbers_orders="select", pays_before_commit=True),
        Release("r42", "live figures for the board", counts_both_ways=True),
        # No index on cart_events serves it, so it reads all of them and locks a campaign's as it goes (seed 003).
        Release("r43", "campaigns get their credit", credits_campaigns=True),
        Release("r44", "nothing is sold twice", queues_checkouts=True),
        # By primary key, and quick as long as nobody keeps the dead rows before the oldest one alive.
        Release("r45", "product page: how long answers take", shows_queue=True),
        # An early return before the connection goes back: with its transaction open (seed 004), and without.
        Release("r46", "carts: prepares for shared carts", keeps_connections_on="/carts/:id"),
        Release("r60", "carts: undo, soon", keeps_idle_connections_on="/carts/:id"),
        # The pool fell victim to a clean-up.
        Release("r61", "fewer dependencies", connects_each_time=True),
        Release("r62", "still fewer dependencies", connects_each_time=True, forgets_to_close=True),
    )
)
