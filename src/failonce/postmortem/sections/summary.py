"""The issue summary: duration, impact, root cause. It is often all that is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from failonce.amount import amount
from failonce.model.diagnosis import LinkKind
from failonce.model.incident import Impact
from failonce.postmortem.brief import brief
from failonce.postmortem.facts import Facts
from failonce.postmortem.prose import counted, inner, instant, lead, moved, quoted, span
from failonce.postmortem.statement import Line, Statement

#: As many words of somebody's sentence as a director reads.
_LONGEST = 40
#: Fewer are a name, not a sentence.
_FEWEST = 3
_WORD = re.compile(r"[A-Za-z]{2,}")


def lines(facts: Facts) -> Iterator[Line]:
    """Yield the summary's lines: first what a director needs, then the three that the specification asks for."""
    yield Line(
        "**In short:** ",
        tuple(replace(s, text=quoted(s.text, _LONGEST)) for s in brief(facts.incident, len(facts.actions))),
    )
    yield Line("**Duration:** ", (_duration(facts),))
    impact = facts.incident.impact
    yield Line("**Impact:** ", tuple(_impact(facts, impact) if impact else _unmeasured(facts)))
    yield Line("**Root cause:** ", tuple(_cause(facts)))


def _duration(facts: Facts) -> Statement:
    onset, recovered = facts.incident.diagnosis.onset_at, facts.incident.recovered_at
    if recovered is not None:
        text = f"The outage lasted {span(onset, recovered)}, from {instant(onset)} to {instant(recovered)}."
        return Statement(text, ("diagnosis.onset_at", "recovered_at"))
    source, last = facts.last
    text = f"The outage began at {instant(onset)} and was ongoing at {instant(last)}, {span(onset, last)} later."
    return Statement(f"{text} Its end is not known.", ("diagnosis.onset_at", source, "recovered_at"))


def _impact(facts: Facts, impact: Impact) -> Iterator[Statement]:
    yield Statement(_experience(facts, impact), ("impact", "signals", "target"))
    if not impact.requests:
        text = (
            "No request was counted while it lasted, and users are not counted: the percentage affected is not known."
        )
        yield Statement(text, ("impact.requests",))
        return
    failed = f"{amount(impact.failed) if impact.failed else 'none'} failed with a 5xx status"
    were = "was" if impact.slow == 1 else "were"
    slow = f"{amount(impact.slow) if impact.slow else 'none'} {were} slow (over three times the usual p95)"
    text = f"Of {counted(impact.requests, 'request')}, {failed} and {slow}."
    yield Statement(text, ("impact.requests", "impact.failed", "impact.slow"))
    share = f"{amount(round(impact.affected_percent, 1))} % of the requests"
    text = f"That is {share}; the percentage of users is not known, because users are not counted."
    yield Statement(text, ("impact.affected_percent",))
    text = (
        "How many users there are, and whom the affected requests belong to, is not among the facts that were recorded."
    )
    yield Statement(text, ("impact",), 8)


def _experience(facts: Facts, impact: Impact) -> str:
    """Return what users met, in one sentence."""
    incident, service = facts.incident, f"The service {facts.service}"
    if not incident.was_slow and not impact.failed:
        return f"{service} answered its users without failing and without being slow, as far as was measured."
    if not incident.was_slow:
        return f"{service} answered its users with errors."
    how = "slowly and with errors" if impact.failed else "slowly" if impact.slow else "more slowly than usual"
    if not impact.p95_worst_ms:
        return f"{service} answered its users {how}."
    before = f", against {amount(impact.p95_before_ms, 'ms')} before" if impact.p95_before_ms else ""
    worst = f"at worst, one response in twenty took {amount(impact.p95_worst_ms, 'ms')} or longer"
    return f"{service} answered {how}: {worst}{before}."


def _unmeasured(facts: Facts) -> Iterator[Statement]:
    signals = facts.incident.signals
    if signals:
        yield facts.quote(
            f"Users of the service {facts.service} experienced this: {inner(moved(signals[0].statement))}", "signals[0]"
        )
    else:
        text = f"What users of the service {facts.service} experienced was not measured: no signal left its baseline."
        yield Statement(text, ("signals", "target"))
    text = "How many requests failed or were slow was not measured, and users are not counted: the percentage of users"
    yield Statement(f"{text} affected is not known.", ("impact",))


def _cause(facts: Facts) -> Iterator[Statement]:
    diagnosis = facts.incident.diagnosis
    for source, link in facts.links(LinkKind.CAUSE):
        terse = len(_WORD.findall(link.statement)) < _FEWEST
        yield facts.quote(f"The cause was “{lead(link.id)}”: {link.statement}" if terse else link.statement, source)
        for number, other in enumerate(diagnosis.also):
            yield facts.quote(
                f"At the same time: {inner(other.statement)}", f"diagnosis.also[{number}]", min(number, 1)
            )
        return
    if diagnosis.cause:
        text = f"The cause named is “{diagnosis.cause}”, without a link of the causal chain that explains it."
        yield facts.quote(text, "diagnosis.cause")
        return
    yield Statement("The cause was not determined: the evidence supports none of the leads.", ("diagnosis.abstained",))
    ruled_out, opened = len(diagnosis.ruled_out), len(diagnosis.open_leads)
    were = "was" if ruled_out == 1 else "were"
    text = f"Of the leads, {ruled_out or 'none'} {were} ruled out and {opened or 'none'} stayed open."
    yield Statement(text, ("diagnosis.ruled_out", "diagnosis.open_leads"), 1)
