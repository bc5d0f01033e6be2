"""A statement is one that the system's database understands.

What it sees
    SQL that only Oracle, MySQL, SQL Server or PostgreSQL knows, where the document names another database or none.

Why it matters
    Somebody will run it again at three in the morning, and it will be refused, or do something else.

What to do
    Give the statement as it was run; name the database and its version once, where the system is described.

Example
    Fails: On our MySQL server: ALTER SYSTEM SET sessions = 500 SCOPE = BOTH;
    Passes: On our MySQL server: SET GLOBAL max_connections = 500;
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import dialects
from failonce.postmortem.code import code
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief

ID = "foreign-dialect"


def check(subject: Subject) -> Iterator[Finding]:
    named = dialects.named(subject.text)
    for part in code(subject.text):
        own = dict(dialects.own_to(part.text))
        # Where no database is named, PostgreSQL is taken for meant: it is what failonce is for.
        if len(own) != 1 or own.keys() & set(named or ("PostgreSQL",)):
            continue
        ((dialect, words),) = own.items()
        statement = brief(part.text, 10)
        other = " and ".join(named)
        yield finding(
            ID,
            part.line,
            message=f'"{statement}" is a statement of {dialect}; '
            + (f"the document's database is {other}." if named else "the document does not say which database it was."),
            instead=f"Give the statement that was run on {other}."
            if named
            else f"Say that the database is {dialect}, if it is, and its version; else give what was run.",
            quote=words,
        )
