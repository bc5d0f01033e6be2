"""Profiles: how severe each rule's findings are for a house. Made here and from `failonce.toml`; pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SEVERITIES = ("error", "warning", "off")


@dataclass(frozen=True, slots=True)
class Profile:
    """A house's severities: `error`, `warning` or `off` by rule; a rule that is not named is an error."""

    name: str
    about: str
    severities: Mapping[str, str]

    def severity(self, rule: str) -> str:
        return self.severities.get(rule, "error")

    def extended(self, name: str, severities: Mapping[str, str]) -> Profile:
        """Return a profile of another name that says otherwise about some rules."""
        return Profile(name, f"{self.name}, changed in failonce.toml", {**self.severities, **severities})


SEED = Profile(
    "seed",
    "The whole specification: 17 parts, 400 to 600 words. Owners and dates of tasks are advised.",
    {
        "action-date": "warning",
        "action-owner": "warning",
        "action-vague": "warning",
        "action-verb": "warning",
        "all-was-normal": "warning",
        "blames-a-person": "warning",
        "end-and-recovery": "warning",
        "done-and-to-do": "warning",
        "entries-timed": "warning",
        "release-untimed": "warning",
        "temporary-stays": "warning",
        "title-says": "warning",
        "trigger-named": "warning",
    },
)
# https://sre.google/sre-book/example-postmortem/: impact, root causes, trigger, resolution, detection, action items
# with a type, an owner and a bug, lessons learned, timeline. Its own example runs to some 900 words.
SRE_BOOK = Profile(
    "sre-book",
    "As Google's SRE book has it: trigger, detection, owned actions, blameless; any length.",
    {
        "action-date": "off",
        "action-verb": "warning",
        "escalation": "off",
        "impact-percent": "off",
        "length": "off",
        "misleading-paths": "warning",
        "improvements": "warning",
        "title-says": "warning",
    },
)
# https://www.atlassian.com/incident-management/postmortem/templates: summary, leadup, fault, impact, detection,
# response, recovery, timeline, root cause, lessons, corrective actions with an owner and a due date.
ATLASSIAN = Profile(
    "atlassian",
    "As Atlassian's handbook has it: detection, response and recovery, actions with owner and due date; any length.",
    {
        "action-verb": "warning",
        "impact-percent": "warning",
        "length": "off",
        "misleading-paths": "off",
        "title-says": "warning",
        "trigger-named": "warning",
    },
)
BUILT_IN = {profile.name: profile for profile in (SEED, SRE_BOOK, ATLASSIAN)}
