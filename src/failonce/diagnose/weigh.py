"""How evidence becomes a verdict: one way for every cause.

A cause names the checks it stands or falls by. `needs` must all hold; one that was measured and does not hold rules
the cause out. `proofs` make likely into confirmed. What could not be measured decides nothing: then we cannot tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from failonce.model.diagnosis import Culprit, Evidence, Link, Status, Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the facts: does it hold (None: it could not be measured), and the measurement."""

    holds: bool | None
    evidence: Evidence | None = None

    def negated(self) -> Check:
        """Return the opposite question; what could not be measured stays so."""
        return Check(None if self.holds is None else not self.holds, self.evidence)


def weigh(
    cause: str,
    statement: str,
    *,
    needs: Sequence[Check],
    proofs: Sequence[Check] = (),
    culprit: Culprit | None = None,
    chain: Sequence[Link] = (),
) -> Verdict:
    """Return the verdict that the checks carry."""
    checks = (*needs, *proofs)
    failed = [c for c in needs if c.holds is False]
    if failed:
        return Verdict(cause, Status.RULED_OUT, 1.0, statement, _evidence(failed))
    if any(c.holds is None for c in needs) or not needs:
        return Verdict(cause, Status.CANNOT_TELL, 0.0, statement, _evidence(checks))
    status = Status.CONFIRMED if proofs and all(c.holds for c in proofs) else Status.LIKELY
    return Verdict(cause, status, _confidence(proofs), statement, _evidence(checks), culprit, tuple(chain))


def _confidence(proofs: Sequence[Check]) -> float:
    """Return 0.6 when only the needs hold, up to 1 with every proof; a proof that fails weighs against."""
    if not proofs:
        return 0.6
    held = sum(c.holds is True for c in proofs) - sum(c.holds is False for c in proofs)
    return round(0.6 + 0.4 * held / len(proofs), 2)


def _evidence(checks: Sequence[Check]) -> tuple[Evidence, ...]:
    measured = ((c.evidence, c.holds) for c in checks if c.holds is not None)
    told = (replace(evidence, supports=holds) for evidence, holds in measured if evidence is not None)
    return tuple(dict.fromkeys(told))
