"""Whether two failures are the same one: field by field, deterministic and explained. Pure.

The kind of cause decides; a query, a relation or a place in common makes it the same failure, not only the same kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from failonce.failurekinds import kinds
from failonce.model.action import ActionItem, ActionKind, ActionState
from failonce.model.dossier import Dossier, FailureClass
from failonce.model.recurrence import Likeness, Match

#: Causes that say nothing in common.
_NO_KIND = frozenset(["other"])
#: Words that documents use for whatever was down: two of them have nothing in common by that.
_ANY_PLACE = frozenset(
    "api apis app application applications backend database databases frontend infrastructure main system page pages"
    " platform portal primary production project server servers service services site sites stack system systems the"
    " user users our company's internal web webapp website websites".split()
)
#: Fields that tie a cause to a thing, the strongest first.
_TIES = ("query", "relation", "service")
#: From the state in which an item protects best to the one in which it does not.
_PROTECTS = (
    ActionState.VERIFIED,
    ActionState.IMPLEMENTED,
    ActionState.OPEN,
    ActionState.EXPIRED,
    ActionState.DECLINED,
)


def kind_of(cause: str | None) -> str | None:
    """Return the kind of a cause; None when there is none to compare by."""
    return None if cause is None or cause in _NO_KIND else kinds().get(cause, cause)


def causes_like(cause: str | None) -> tuple[str, ...]:
    """Return the causes of the same kind."""
    kind = kind_of(cause)
    return () if kind is None else (kind, *(name for name, of in kinds().items() if of == kind))


def matches(now: Dossier, then: Dossier) -> tuple[Match, ...]:
    """Return the fields in which two incidents agree, the most telling first."""
    return tuple(_matches(now, then))


def likeness(found: tuple[Match, ...]) -> Likeness | None:
    """Return how alike two incidents are by their matches; None when they are not."""
    fields = {match.field for match in found}
    if "query" in fields or ("cause" in fields and fields & set(_TIES)):
        return Likeness.SAME_FAILURE
    return Likeness.SAME_CAUSE if "cause" in fields else None


def keys(failure: FailureClass, places: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield keys such that two incidents are the same failure exactly when they share one."""
    kind = kind_of(failure.cause)
    if failure.fingerprint:
        yield "", "query", failure.fingerprint
    if kind is not None:
        yield from ((kind, "relation", relation) for relation in failure.relations)
        yield from ((kind, "service", place.lower()) for place in telling(places))


def would_have_stopped(items: tuple[ActionItem, ...]) -> tuple[ActionItem, ...]:
    """Return the items that are to prevent it, the one in the best state first."""
    preventing = [item for item in items if item.kind is ActionKind.PREVENT]
    return tuple(sorted(preventing, key=lambda item: (_PROTECTS.index(item.state), item.id)))


def explained(then: Dossier, found: tuple[Match, ...], fixed_by: str | None, items: tuple[ActionItem, ...]) -> str:
    """Return in sentences what agrees, what ended it then, and what became of the item that would have stopped it."""
    common = ", ".join(f"{match.field} {match.value}" for match in found) or "a person's word"
    said = [f"{then.id} of {then.opened_at:%Y-%m-%d} has in common: {common}."]
    said.append(f"Then it ended by: {fixed_by.rstrip('.')}." if fixed_by else "What ended it then is not told.")
    said.append(_became(items[0]) if items else "No action item was to prevent it.")
    return " ".join(said)


def _matches(now: Dossier, then: Dossier) -> Iterator[Match]:
    here, there = now.failure, then.failure
    if here.fingerprint and here.fingerprint == there.fingerprint:
        yield Match("query", here.fingerprint)
    if kind_of(here.cause) is not None and kind_of(here.cause) == kind_of(there.cause):
        yield Match("cause", _cause(here.cause, there.cause))
    for relation in here.relations:
        if relation in there.relations:
            yield Match("relation", relation)
    if here.trigger and here.trigger == there.trigger:
        yield Match("trigger", here.trigger)
    others = {place.lower() for place in _places(then)}
    for place in _places(now):
        if place.lower() in others:
            yield Match("service", place)


def _cause(here: str | None, there: str | None) -> str:
    return f"{here}" if here == there else f"{here}, then called {there}"


def _places(dossier: Dossier) -> tuple[str, ...]:
    named = (*dossier.services, *([dossier.target] if dossier.target else []))
    return telling(named)


def telling(places: Iterable[str]) -> tuple[str, ...]:
    """Return the places whose names name one: `checkout` does, `web server` does not."""
    named = {place.lower(): place for place in places}
    return tuple(place for low, place in named.items() if _is_telling(low))


@lru_cache(maxsize=10_000)
def _is_telling(place: str) -> bool:
    return not set(place.split()) <= _ANY_PLACE


def _became(item: ActionItem) -> str:
    """Return what became of the item that would have stopped it."""
    who = f"of {item.owner}" if item.owner else "that nobody owns"
    due = f", due {item.due}" if item.due else ""
    why = f": {item.reason}" if item.reason else ""
    became = {
        ActionState.OPEN: f"is open{due}",
        ActionState.IMPLEMENTED: "is implemented and was never verified",
        ActionState.VERIFIED: "is verified, and did not hold",
        ActionState.EXPIRED: f"has expired{why}",
        ActionState.DECLINED: f"was declined{why}",
    }[item.state]
    return f"An action item {who} was to prevent it: “{item.text.rstrip('.')}”. It {became.rstrip('.')}."
