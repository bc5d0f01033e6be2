"""The verbs a task begins with: `Add an index ...`, not `The index ...`."""

from __future__ import annotations

VERBS = frozenset(
    "add adjust alert allow analyze apply archive assign audit automate backup ban block build bump cache cap change "
    "check choose clean close configure confirm consolidate contact convert create cut define delete deploy deprecate "
    "describe design detect develop disable document drop enable encrypt enforce establish exclude expand explain "
    "export extend find fix follow get give harden hire hold identify implement import include increase index inform "
    "inspect install integrate introduce investigate isolate keep label launch learn limit lock log lower make map "
    "measure merge migrate mirror monitor move name notify open optimize order organize page partition patch pin plan "
    "prepare prevent prioritize profile protect prove provide publish purge put raise rebuild recover reduce redesign "
    "refactor refine reject release remove rename renew replace replicate report require rerun reset resize restart "
    "restore restrict retire revert review revise rewrite roll rotate run scale schedule script secure separate set "
    "setup share shift ship simplify sort split standardize start stop store stress strip submit switch sync teach "
    "test throttle tighten trace track train tune turn update upgrade use validate verify warn watch wrap write raise "
    "improve enhance ensure strengthen conduct consider solve evaluate explore perform practice optimise "
    "analyse".split()
)


def is_imperative(text: str) -> bool:
    """Tell whether a line begins as an order.

    >>> is_imperative("Evaluate a pull-through cache"), is_imperative("A monitoring service should be used")
    (True, False)
    """
    first = text.split(maxsplit=1)[:1]
    return bool(first) and first[0].strip("*_-,.:").lower() in VERBS
