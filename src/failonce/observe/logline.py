"""One line of the server's log, taken apart: its prefix as log_line_prefix says, the error's code, what it names.

A message can hold anybody's data (`invalid input syntax for type integer: "..."`), so none is kept. Of a few known
messages the name of the table, sequence or schema in it is: those hold nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ANY = r".*?"
_INSTANT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+"
# What is read of a prefix, or could be taken for it; every other escape stands for some text. https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX
_READ = {
    "m": _INSTANT,
    "t": _INSTANT,
    "p": r"\d+",
    "d": r"(?P<database>.*?)",
    "a": r"(?P<application>.*?)",
    "e": r"(?P<sqlstate>[0-9A-Z]{5})",
    "Q": r"(?P<query_id>-?\d+)",
}
_ESCAPE = re.compile(r"%(?P<padding>-?\d+)?(?P<letter>[a-zA-Z%])")
_MESSAGE = r"(?P<severity>[^\W\d_]+): {1,2}(?P<message>.*)"
_SEVERE = ("ERROR", "FATAL", "PANIC")
# Classes of codes that are no errors: success, warning, no data.
_NO_ERROR = ("00", "01", "02")

#: Messages that are known, with the code that the prefix may not tell, and the name they hold.
_KNOWN = (
    ("42501", re.compile(r"permission denied for \w+(?: \w+)*? \"?(?P<subject>[\w.$]+)\"?$")),
    ("42501", re.compile(r"must be owner of \w+(?: \w+)*? \"?(?P<subject>[\w.$]+)\"?$")),
    ("2200H", re.compile(r"nextval: reached (?:max|min)imum value of sequence \"(?P<subject>[^\"]+)\"")),
    ("42P01", re.compile(r"relation \"(?P<subject>[^\"]+)\" does not exist")),
    ("53100", re.compile(r"could not (?:extend|write|create) .*: No space left on device")),
    ("53300", re.compile(r"sorry, too many clients already|remaining connection slots are reserved")),
    ("40P01", re.compile(r"deadlock detected")),
    ("57014", re.compile(r"canceling statement due to ")),
    ("57P01", re.compile(r"terminating connection due to (?:administrator command|unexpected postmaster exit)")),
    ("57P03", re.compile(r"the database system is (?:starting up|shutting down|in recovery mode)")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line's prefix and its message; `severity` is `STATEMENT`, `DETAIL`, ... for what belongs to the line before."""

    severity: str
    message: str
    sqlstate: str | None = None
    query_id: int | None = None
    database: str | None = None
    application: str | None = None

    @property
    def is_error(self) -> bool:
        """Tell whether a statement or a session failed; by the code where there is one, for words are translated."""
        if self.severity in ("LOG", "STATEMENT", "DETAIL", "HINT", "CONTEXT", "QUERY", "LOCATION", "WARNING"):
            return False
        if self.sqlstate is not None:
            return self.sqlstate[:2] not in _NO_ERROR
        return self.severity in _SEVERE

    @property
    def code(self) -> str | None:
        """The SQLSTATE, from the prefix or from a known message."""
        return self.sqlstate or next((code for code, known in _KNOWN if known.match(self.message)), None)

    @property
    def subject(self) -> str | None:
        """The object a known message names."""
        found = next((match for _, known in _KNOWN if (match := known.match(self.message))), None)
        return found.groupdict().get("subject") if found else None


class LineReader:
    """Takes lines apart as one log_line_prefix has them."""

    def __init__(self, prefix: str) -> None:
        self._pattern = re.compile(_pattern(prefix) + _MESSAGE, re.DOTALL)

    def line(self, text: str) -> Line | None:
        """Return the line; None when it is none of the server's."""
        match = self._pattern.match(text)
        return None if match is None else _line(match.groupdict())


def _line(found: Mapping[str, str | None]) -> Line:
    query_id = int(found.get("query_id") or 0)
    return Line(
        severity=found["severity"] or "",
        message=found["message"] or "",
        sqlstate=found.get("sqlstate"),
        # Zero: not computed, or the statement could not even be parsed.
        query_id=query_id or None,
        database=found.get("database"),
        application=found.get("application"),
    )


def _pattern(prefix: str) -> str:
    """Return the prefix as a regular expression; what stands behind %q is missing for processes without a session."""
    always, *session = prefix.split("%q", 1)
    return _escapes(always) + (f"(?:{_escapes(session[0])})?" if session else "")


def _escapes(part: str) -> str:
    written, end, seen = "", 0, set()
    for match in _ESCAPE.finditer(part):
        letter = match["letter"]
        read = r"\s*" + _READ[letter] + r"\s*" if letter in _READ and letter not in seen else _ANY
        seen.add(letter)
        written += re.escape(part[end : match.start()]) + ("%" if letter == "%" else read)
        end = match.end()
    return written + re.escape(part[end:])
