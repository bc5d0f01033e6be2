"""The same statements are sent once for each row of another one's result.

What it sees
    A SELECT that one test sends ten times or more in a row (`repeats`) from the same line of code, right after another
    statement. And a round of up to six statements, each from its own line, that is sent as often in the same order
    within one transaction; outside of any, right after a statement of the same file that is not of the round.

Why it matters
    Each is fast, so nothing shows in a list of slow statements; but a page of a hundred rows makes a hundred round
    trips and holds its connection for all of them.

What to do
    Ask for all rows at once: a join, `where id = any($1)`, or the mapper's own way (selectinload, joinedload,
    select_related, prefetch_related).

Example
    select name from cooks where id = $1, sent 20 times from pages.py:31 by test_search
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlglot import exp

from failonce.guard.case import Found
from failonce.guard.suite import Execution, Suite

ID = "n-plus-one"
SEVERITY = "warning"
#: Statements of one turn of a loop.
_MOST_IN_ROUND = 6


def check(suite: Suite) -> Iterator[tuple[Execution, Found]]:
    """Yield each SELECT of a loop, once per statement."""
    told = set()
    for sent, message in (*_runs(suite), *_rounds(suite)):
        is_read = sent.fingerprint in suite.cases and isinstance(suite.case(sent).tree, exp.Query)
        if is_read and sent.fingerprint not in told:
            told.add(sent.fingerprint)
            instead = "Ask for all rows at once: a join, where KEY = any($1), selectinload or prefetch_related."
            yield sent, Found(message, instead)


def _runs(suite: Suite) -> Iterator[tuple[Execution, str]]:
    """Yield the first of each run of one statement from one line."""
    previous: Execution | None = None
    for (test, _), sent in groupby(suite.executions, key=lambda e: (e.place.test, e.fingerprint)):
        first, *others = sent
        follows = previous is not None and previous.place.test == test
        previous = first
        if follows and 1 + len(others) >= suite.limits.repeats and {e.place.line for e in others} == {first.place.line}:
            yield first, f"Sent {1 + len(others)} times in a row from this line."


def _rounds(suite: Suite) -> Iterator[tuple[Execution, str]]:
    """Yield the statements of each round that is sent over and over, as its first turn has them."""
    for _, group in groupby(suite.executions, key=lambda e: e.place.test):
        sent = tuple(group)
        start = 0
        while start < len(sent):
            length, times = _longest(sent, start)
            turn = sent[start : start + length]
            if times >= suite.limits.repeats and _is_led(sent, start, turn):
                yield from ((one, _told(one, turn, times)) for one in turn)
            # A loop that nothing leads to is a test's own: its later turns are no other.
            start += length * times if times >= suite.limits.repeats else 1


def _longest(sent: Sequence[Execution], start: int) -> tuple[int, int]:
    """Return how many statements a round from here on has, and its turns; the one that takes in most."""
    rounds = [(length, _turns(sent, start, length)) for length in range(2, _MOST_IN_ROUND + 1)]
    several = [(n, times) for n, times in rounds if len({_key(e) for e in sent[start : start + n]}) > 1]
    return max(several, key=lambda pair: (pair[0] * pair[1] if pair[1] > 1 else 0, -pair[0]), default=(1, 1))


def _turns(sent: Sequence[Execution], start: int, length: int) -> int:
    turn = [_key(each) for each in sent[start : start + length]]
    times = 1
    while turn == [_key(e) for e in sent[start + times * length : start + (times + 1) * length]]:
        times += 1
    return times


def _key(sent: Execution) -> tuple[str, str, int, int | None]:
    return sent.fingerprint, sent.place.path, sent.place.line, sent.transaction


def _is_led(sent: Sequence[Execution], start: int, turn: Sequence[Execution]) -> bool:
    """Tell whether another statement leads to the loop, as the list does whose rows it goes through."""
    leader = sent[start - 1] if start else None
    if leader is None or _key(leader) in map(_key, turn):
        return False
    if turn[0].transaction is not None:
        return leader.transaction == turn[0].transaction
    return leader.place.path == turn[0].place.path


def _told(one: Execution, turn: Sequence[Execution], times: int) -> str:
    others = ", ".join(f"{e.place.path}:{e.place.line}" for e in turn if e is not one)
    return f"Sent {times} times from this line, in turn with {others}."
