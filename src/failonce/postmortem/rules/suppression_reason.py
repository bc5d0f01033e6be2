"""A rule is turned off for a reason that is told.

What it sees
    A comment <!-- failonce: ignore RULE: reason --> without a reason, or with a rule that does not exist.

Why it matters
    Without its reason nobody can tell later whether the exception still holds, so it stays for ever.

What to do
    Write why the rule does not apply to this document, in words a reviewer can agree or disagree with.

Example
    Fails: <!-- failonce: ignore length -->
    Passes: <!-- failonce: ignore length: two incidents are told, 400 words each -->
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from failonce import plugins
from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.suppressions import suppressions

ID = "suppression-reason"


def check(subject: Subject) -> Iterator[Finding]:
    known = plugins.load("failonce.postmortem.rules")
    for off in suppressions(subject.text):
        if off.rule not in known:
            close = get_close_matches(off.rule, known, n=1)
            yield finding(
                ID,
                off.line,
                message=f'There is no rule "{off.rule}": this suppression turns nothing off.',
                instead=f"Write {close[0]}, if that is meant." if close else "`failonce lint --rules` lists the rules.",
                quote=off.written,
            )
        elif not off.reason:
            yield finding(
                ID,
                off.line,
                message=f"{off.rule} is to be ignored without a reason, and so is not.",
                instead=f"<!-- failonce: ignore {off.rule}: why it does not apply here -->",
                quote=off.written,
            )
