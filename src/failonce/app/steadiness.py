"""When a verdict may be told: after some equal looks; and how it grows afterwards, by what is seen since.

A likely verdict changes its mind now and then; one that is confirmed from its cause to what users feel has not in any
recording, so two looks are enough for it. Links that show a second later are added while it stands: what a blocked
request or a counter tells comes when it ends or is next read.
"""

from __future__ import annotations

from collections.abc import Collection

from failonce.model.diagnosis import LATENT, Diagnosis, Link, LinkKind

#: Equal looks in a row after which a verdict is told: a likely one, and one confirmed up to what users feel.
_LIKELY, _CONFIRMED = 3, 2


class Steadiness:
    """How often in a row the same has been found."""

    def __init__(self, felt: Collection[str]) -> None:
        """`felt` names the signals that users feel."""
        self._felt = felt
        self._named: object = None
        self._looks = 0

    def look(self, found: Diagnosis) -> None:
        """Take in what was found at one more look."""
        named = _named(found)
        self._looks = self._looks + 1 if named == self._named else 1
        self._named = named

    def is_enough(self, found: Diagnosis, *, is_first: bool) -> bool:
        """Tell whether what was found may be told; what joins or follows a verdict waits as long as a likely one."""
        needed = _CONFIRMED if is_first and self._is_confirmed(found) else _LIKELY
        return not found.abstained and self._looks >= needed

    def _is_confirmed(self, found: Diagnosis) -> bool:
        return found.confidence == 1 and any(link.id in self._felt for link in found.chain)


def growth(told: Diagnosis, found: Diagnosis) -> tuple[Link, ...]:
    """Return the links that a verdict has gained; none when something else was found, or part of it was lost.

    A mechanism may go: it may have been of the first second only.
    """
    lasting = {link.id for link in told.chain if link.kind is not LinkKind.MECHANISM} - {LATENT}
    if _named(found) != _named(told) or not lasting <= {link.id for link in found.chain}:
        return ()
    known = {link.id for link in told.chain} | {LATENT}
    return tuple(link for link in found.chain if link.id not in known)


def _named(diagnosis: Diagnosis) -> tuple[frozenset[str], tuple[str | None, ...]]:
    """Return causes and culprits: what must be the same for a verdict to be the same."""
    return diagnosis.causes, tuple(culprit.fingerprint for culprit in diagnosis.culprits)
