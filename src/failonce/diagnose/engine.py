"""The engine: examine every cause and trigger, name what did it or abstain, and keep the ledger of wrong leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import ModuleType

from failonce import plugins
from failonce.diagnose.case import Case
from failonce.diagnose.counterfactual import without
from failonce.diagnose.mechanisms import mechanisms
from failonce.diagnose.naming import best, named_causes
from failonce.model.diagnosis import LATENT, Diagnosis, Evidence, Link, LinkKind, Pointer, RuledOut, Status, Verdict
from failonce.model.signal import Signal
from failonce.model.snapshot import Gap
from failonce.model.window import Window
from failonce.sqltext import relations

#: Leads that people follow first, in the order in which they do.
FIRST_LEADS = ("release", "traffic", "network", "host", "application")


def warm_up() -> None:
    """Load what a diagnosis needs: a quarter of a second of a processor, which may be seconds in an outage."""
    plugins.load("failonce.diagnose.causes")
    plugins.load("failonce.diagnose.triggers")
    relations("select from warm_up")


def diagnose(window: Window, signals: Sequence[Signal], *, detected_at: datetime) -> Diagnosis:
    """Return what the window's facts carry: chain, culprit and ledger, or an abstention.

    `diagnosed_at` is left open: whoever watches decides when a verdict has been stable for long enough.
    """
    case = Case(window, signals)
    causes, triggers = plugins.load("failonce.diagnose.causes"), plugins.load("failonce.diagnose.triggers")
    verdicts = [cause.examine(case) for cause in causes.values()]
    named = named_causes(case, causes, verdicts)
    set_off = [trigger.examine(case) for trigger in triggers.values()]
    trigger = _trigger(named, causes, set_off)
    leads, told = {**causes, **triggers}, {v.id for v in (*named, trigger) if v is not None}
    others = [v for v in (*verdicts, *set_off) if v.id not in told and not _is_explained(v, named, causes)]
    first = named[0] if named else None
    return Diagnosis(
        chain=_chain(case, named, trigger) if named else (),
        cause=first.id if first else None,
        confidence=first.confidence if first else 0.0,
        abstained=first is None,
        culprit=first.culprit if first else None,
        ruled_out=_ledger([v for v in others if v.status is Status.RULED_OUT], leads, "is ruled out"),
        open_leads=_ledger(
            [v for v in others if v.status is not Status.RULED_OUT], leads, "can be neither confirmed nor ruled out"
        ),
        gaps=_gaps(window),
        onset_at=window.onset_at,
        detected_at=detected_at,
        diagnosed_at=None,
        also=named[1:],
        without=without(case, [v.culprit for v in named if v.culprit is not None]),
    )


def deepens(told: Diagnosis, found: Diagnosis) -> bool:
    """Tell whether `found` names what is behind each cause told, or names it better, for the same culprit."""
    causes = plugins.load("failonce.diagnose.causes")
    explained = {name for cause in found.causes for name in getattr(causes[cause], "EXPLAINS", ())}
    same = {c.fingerprint for c in told.culprits} == {c.fingerprint for c in found.culprits}
    return same and not told.causes <= found.causes and told.causes <= found.causes | explained


def _is_explained(verdict: Verdict, named: Sequence[Verdict], causes: Mapping[str, ModuleType]) -> bool:
    """Tell whether a lead that holds is but another name of what is named: it is neither open nor ruled out."""
    by = {name for cause in named for name in getattr(causes[cause.id], "EXPLAINS", ())}
    return verdict.id in by and verdict.status is not Status.RULED_OUT


def _trigger(named: Sequence[Verdict], causes: Mapping[str, ModuleType], set_off: Sequence[Verdict]) -> Verdict | None:
    """Return the surest trigger of the first cause that has one."""
    if not named:
        return best(set_off)
    able = (best(v for v in set_off if _sets_off(v, cause, causes)) for cause in named)
    return next((trigger for trigger in able if trigger is not None), None)


def _sets_off(trigger: Verdict, cause: Verdict, causes: Mapping[str, ModuleType]) -> bool:
    """Tell whether a trigger can set a cause off.

    A cause says which ones can in TRIGGERS; one that does not say so can be set off by any if it has a culprit, since
    triggers are held against the culprit, and by none otherwise.
    """
    able = getattr(causes[cause.id], "TRIGGERS", None)
    return cause.culprit is not None if able is None else trigger.id in able


def _chain(case: Case, named: Sequence[Verdict], trigger: Verdict | None) -> tuple[Link, ...]:
    """Return trigger, causes, mechanisms and symptoms, in the order in which one led to the next."""
    return (
        _link(LinkKind.TRIGGER, trigger) if trigger else _latent(case),
        *(_link(LinkKind.CAUSE, cause) for cause in named),
        *(link for cause in named for link in cause.chain),
        *mechanisms(case, blames_statement=any(_blames_suspect(case, cause) for cause in named)),
        *sorted((_symptom(case, signal) for signal in case.signals), key=_users_first),
    )


def _blames_suspect(case: Case, cause: Verdict) -> bool:
    """Tell whether a cause blames the statement that took the load, and not a session that holds it up."""
    return bool(case.suspect and cause.culprit and cause.culprit.fingerprint == case.suspect.fingerprint)


def _link(kind: LinkKind, verdict: Verdict) -> Link:
    return Link(kind, verdict.id, verdict.statement, verdict.evidence)


def _latent(case: Case) -> Link:
    """Return the link that says honestly that nothing was seen to set the cause off."""
    seconds = (case.window.onset_at - case.window.starts_at).total_seconds()
    said = f"In the {seconds:.0f} s watched before the onset no release, schema change or setting set it off."
    if not case.was_watched:
        said = "Nobody watched before: what set it off cannot be known."
    proof = case.evidence(said, "releases", now=len(case.release_changes), unit="changes")
    return Link(LinkKind.TRIGGER, LATENT, "No trigger was found.", (proof,))


def _users_first(symptom: Link) -> tuple[bool, bool, str]:
    felt = symptom.evidence[0].pointer.source == "application"
    return (not felt, symptom.id != "slow-responses", symptom.id)


def _symptom(case: Case, signal: Signal) -> Link:
    source = "sessions" if signal.id in ("busy-sessions", "lock-waiters", "open-transactions") else "application"
    pointer = Pointer(source, signal.onset_at, case.window.ends_at)
    sentence = f"{signal.statement}."
    proof = Evidence(sentence, round(signal.value, 1), signal.baseline, signal.unit, pointer)
    return Link(LinkKind.SYMPTOM, signal.id, sentence, (proof,))


def _ledger(verdicts: Iterable[Verdict], leads: dict[str, ModuleType], said: str) -> tuple[RuledOut, ...]:
    """Return these leads, the ones people follow first before the others, each with the sentence of its number."""
    these = sorted(verdicts, key=lambda v: (_followed(v.id), v.id))
    return tuple(RuledOut(v.id, _sentence(f"{leads[v.id].LEAD} {said}", v), v.evidence) for v in these)


def _followed(lead: str) -> int:
    """Return where in the row of habit a lead stands: those that cost the seeds their half hours come first."""
    return FIRST_LEADS.index(lead) if lead in FIRST_LEADS else len(FIRST_LEADS)


def _sentence(start: str, verdict: Verdict) -> str:
    if not verdict.evidence:
        return f"{start}: it could not be measured."
    first = verdict.evidence[0].statement
    return f"{start}: {first[0].lower()}{first[1:]}"


def _gaps(window: Window) -> tuple[Gap, ...]:
    """Return what could not be seen during the incident, each once."""
    return tuple({gap.source: gap for s in window.incident for gap in s.gaps}.values())
