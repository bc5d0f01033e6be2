"""Saving refuses to lose anything: what is to be written is read back first, and compared.

Pure: gives the text to write, or raises WouldLose with what would be lost. What is not understood is kept as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from failonce.model.errors import FailonceError
from failonce.postmortem.frontmatter import Front, Value, front, updated
from failonce.postmortem.read import read

#: What belongs to a reading and not to the document.
_ABOUT_THE_READING = {"places", "doubts", "words", "requirements_met"}


class WouldLose(FailonceError):
    """Written like this, something of the document would be lost."""


def changed(text: str, changes: Mapping[str, Value]) -> str:
    """Return a document with facts of its front matter set. Raises WouldLose when anything else would change."""
    before = front(text)
    if before.problem:
        raise WouldLose(
            f"The front matter cannot be changed safely. {before.problem}",
            hint="Correct the lines between the two --- by hand, then run the command again.",
        )
    after = updated(text, changes)
    check(text, after, changes)
    return after


def check(before: str, after: str, changes: Mapping[str, Value]) -> None:
    """Raise WouldLose unless `after` is `before` with exactly these changes."""
    lost = [*_lost_front(front(before), front(after), changes), *_lost_facts(before, after, changes)]
    if lost:
        raise WouldLose(
            f"Not saved, because it would lose: {'; '.join(lost)}.",
            hint="Change the document by hand, or send it to us: failonce should be able to write it.",
        )


def _lost_front(before: Front, after: Front, changes: Mapping[str, Value]) -> list[str]:
    wanted = {**before.values, **changes}
    lost = [
        f"{key} (would be read back as {after.values.get(key)!r})"
        for key in wanted
        if after.values.get(key) != wanted[key]
    ]
    kept = {line.strip() for line in after.yaml.splitlines()}
    comments = (line.strip() for line in before.yaml.splitlines() if line.lstrip().startswith("#"))
    lost += [f"the comment {comment!r}" for comment in comments if comment not in kept]
    if not after.body.endswith(before.body):
        lost.append("text beneath the front matter")
    return lost


def _lost_facts(before: str, after: str, changes: Mapping[str, Value]) -> list[str]:
    """Name the facts that a reader of the document would no longer find, or find different."""
    was, now = read(before).plain(), read(after).plain()
    own = _ABOUT_THE_READING | _fields_of(changes)
    return [f"{name} ({was[name]!r})" for name in was if name not in own and was[name] and was[name] != now[name]]


def _fields_of(changes: Mapping[str, Value]) -> set[str]:
    """Return the facts that a change of these keys is meant to change."""
    meant = {
        "start": {"start", "start_local", "duration_minutes", "timezone_as_written", "detected_at", "resolved_at"},
        "end": {"end", "end_local", "duration_minutes", "timezone_as_written", "resolved_at"},
        "timezone": {"timezone_as_written", "start", "end", "start_local", "end_local", "detected_at", "resolved_at"},
        "detected": {"detected_at"},
        "detected_by": {"detection_method"},
        "cause": {"cause_category", "root_cause_summary"},
        "users_affected_percent": {"percent_users_affected"},
    }
    return {name for key in changes for name in meant.get(key, {key})}
