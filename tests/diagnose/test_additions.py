"""What indexes cost that came about the onset: whose they are, and which of them nobody needs."""

from types import SimpleNamespace

import pytest

from failonce.diagnose.additions import unused, written_relations
from failonce.model.catalog import Index


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("insert into cart_events (kind) select name from products", {"cart_events"}),
        ("update only public.stock set quantity = ? from orders", {"stock"}),
        ("with old as (delete from carts returning id) insert into archive select id from old", {"carts", "archive"}),
        ("merge into stock using delivered on true", {"stock"}),
        ("select * from orders where note = ?", set()),
        (None, set()),
    ],
)
def test_what_a_statement_writes(text, tables):
    assert written_relations(SimpleNamespace(text=text)) == tables


def test_what_a_constraint_needs_or_a_scan_used_is_not_dropped():
    idle = Index("by_kind", "events", "CREATE INDEX by_kind ON public.events USING btree (kind)", True, used=False)
    used = Index("by_day", "events", "CREATE INDEX by_day ON public.events USING btree (day)", True, used=True)
    unique = Index("key", "events", "CREATE UNIQUE INDEX key ON public.events USING btree (id)", True, used=False)
    never_asked = Index("old", "events", "CREATE INDEX old ON public.events USING btree (id)", True)
    assert unused((idle, used, unique, never_asked)) == (idle,)
