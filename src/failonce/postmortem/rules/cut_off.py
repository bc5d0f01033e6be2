"""The document does not break off.

What it sees
    A code block that is never closed, and a label or sentence at the very end with nothing after its colon.

Why it matters
    What was cut off is often what matters most: the rest of the fix, and everything that was to be done.

What to do
    Complete the document, and close the code block with a line of three backticks.

Example
    Fails: a last line that reads "Tasks:".
    Passes: a last line that reads "- [ ] Alert when server memory is above 90 %."
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.code import unclosed
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief

ID = "cut-off"


def check(subject: Subject) -> Iterator[Finding]:
    lines = subject.text.rstrip().split("\n")
    opened = unclosed(subject.text)
    last = lines[-1].strip().strip("*_# ")
    if opened:
        last_code = lines[-1].strip()
        yield finding(
            ID,
            opened,
            message=f'The document ends inside the code block that begins here, with "{brief(last_code)}".',
            instead="Close the block with a line of three backticks, and write the parts that should follow it.",
            quote=lines[opened - 1].strip(),
        )
    elif last.endswith(":") and len(lines) > 1:
        yield finding(
            ID,
            len(lines),
            message=f'The document ends after "{brief(last)}", with nothing said.',
            instead=f'Write what "{brief(last)}" announces, or remove it.',
            quote=last,
        )
