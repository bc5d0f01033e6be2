"""The document's title: the first heading that says more than "Postmortem", else the first there is."""

from __future__ import annotations

import re

from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.outline import Outline
from failonce.postmortem.read.roles import Role, role_of
from failonce.postmortem.read.sections import Sections

_GENERIC = re.compile(
    r"\W*(?:0x\w{1,3}\W*|\d{1,2}\W+)?(?:my |first |an? )*(?:post-?\s?mortem|incident|outage)?(?: reports?)?\W*"
    r"|by [A-Z].*",
    re.IGNORECASE,
)
_FRONT = re.compile(r"^title[ \t]*[:=][ \t]*[\"']?(.{1,200}?)[\"']?[ \t]*$", re.MULTILINE)
_EDGES = re.compile(r"^[^\w\"'“(\[]+|[^\w\"'”)\].!?]+$")


def is_generic(heading: str) -> bool:
    """Tell a title that would fit every postmortem.

    >>> is_generic("0x19. Postmortem"), is_generic("Postmortem: the search was down")
    (True, False)
    """
    return _GENERIC.fullmatch(heading) is not None


def title(text: str, outline: Outline, parts: Sections) -> Fact | None:
    """Return the title."""
    front = _FRONT.search(text, 0, 2000) if text.startswith(("---", "+++")) else None
    if front:
        return Fact(front[1].strip(), text.count("\n", 0, front.start()) + 1, 1, front[1])
    first = min((t.line for t in parts.titles if t.role not in (None, Role.OTHER)), default=10**9)
    named = [t for t in parts.titles if t.role is None and t.line <= first and len(t.text) <= 160]
    if not named and parts.all:
        line = parts.all[0]
        if (
            line.line < first
            and len(line.text.split()) <= 12
            and not line.text.endswith(".")
            and role_of(line.text) is None
        ):
            value = _EDGES.sub("", f"{line.path[-1].text}: {line.text}" if line.path else line.text)
            return Fact(value, line.line, line.column, line.text)
    chosen = next((t for t in named if not is_generic(t.text)), named[0] if named else None)
    if chosen is None:
        return None
    return Fact(_EDGES.sub("", chosen.text) or chosen.text, chosen.line, 1, chosen.text)
