"""The application asks for each row of a list by itself.

What it sees
    A statement that looks up little is called many times as often while no more requests arrive: several times for
    each request. Most of the calls that were added are its own, and the application that ran before runs it.

Why it matters
    None of the calls is slow, so no list of slow queries shows it. Each costs a way there and back, with a connection
    held meanwhile; a page of a thousand rows holds one for a second.

What to do
    Roll back; then ask once for all rows: where id = any(?), or a join. Let a test count the statements of a page.

Example
    select quantity from stock where product_id = ?: 7,900 calls/s, 0 before; 99 for each request that arrives
"""

from failonce.amount import amount
from failonce.diagnose.calls import (
    culprit,
    has_most_calls,
    is_a_look_up,
    is_called_more,
    is_row_by_row,
    is_the_applications,
)
from failonce.diagnose.case import Case
from failonce.diagnose.questions import is_same_traffic
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "n-plus-one"
LEAD = "A list fetched row by row"
KIND = FailureKind.CODE
TRIGGERS = frozenset({"release"})


def examine(case: Case) -> Verdict:
    """Return whether a look-up is repeated for each row of a list."""
    found = case.surge
    if found is None:
        return weigh(ID, LEAD, needs=[is_called_more(case, None)])
    return weigh(
        ID,
        f"Requests fetch a list row by row: {amount(found.calls_per_s)} times a second the same look-up.",
        needs=[
            is_called_more(case, found),
            is_row_by_row(case, found),
            is_a_look_up(case, found),
            has_most_calls(case, found),
            is_same_traffic(case),
            is_the_applications(case, found),
        ],
        culprit=culprit(case, found),
    )
