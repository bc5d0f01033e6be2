"""The YAML at a document's head: read as typed values, changed key by key, everything else left as it stands.

Timestamps stay text: what a zone means is decided by who reads them. What is no YAML is said, never guessed at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_FRONT_MATTER = re.compile(
    r"\A(?P<opening>\ufeff?---[ \t]*\r?\n)(?P<yaml>(?:.*\n)*?)(?P<closing>(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z))"
)
#: What is longer is no head of a document, and no parser has to bear it.
_LONGEST = 64 * 1024

# What YAML wants escaped even between quotes: https://yaml.org/spec/1.2.2/#51-character-set
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")

Value = str | int | float | bool | None | list[str]


class _Loader(yaml.SafeLoader):
    """YAML with words, numbers, true, false and null: no `no` for false, no instants without a zone."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse aliases: a few lines of them can stand for more than memory holds."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases have no place among a postmortem's facts")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"null|Null|NULL|~|", "nN~\0"),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", "-+0123456789"),
    ("float", r"[-+]?[0-9]{1,18}\.[0-9]{0,18}(?:[eE][-+]?[0-9]{1,3})?", "-+0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), list(_first) + [""] * (_tag == "null")
    )


# No dates, sets or bytes by an explicit tag, either: such a front matter is said to be unreadable.
_Loader.yaml_constructors = {
    tag: constructor
    for tag, constructor in yaml.SafeLoader.yaml_constructors.items()
    if tag is None or tag.rsplit(":", 1)[-1] in ("bool", "null", "int", "float", "str", "seq", "map")
}


@dataclass(frozen=True, slots=True)
class Front:
    """A document in its parts: what opens and closes the front matter, its YAML, and the text beneath."""

    opening: str
    yaml: str
    closing: str
    body: str
    values: Mapping[str, Any]
    #: Why the YAML could not be read; empty when it could.
    problem: str = ""


def front(text: str) -> Front:
    """Take a document apart. Joined again, its parts are the document."""
    found = _FRONT_MATTER.match(text[: _LONGEST + 16])
    if found is None:
        return Front("", "", "", text, {})
    values, problem = _values(found["yaml"])
    return Front(found["opening"], found["yaml"], found["closing"], text[found.end() :], values, problem)


def updated(text: str, changes: Mapping[str, Value]) -> str:
    """Return the document with these keys set; comments, unknown keys and the text stay byte for byte."""
    parts = front(text)
    ending = "\r\n" if parts.opening.endswith("\r\n") else "\n"
    if not parts.opening:
        head = "".join(f"{key}: {scalar(value)}\n" for key, value in changes.items())
        return f"---\n{head}---\n\n{text}" if changes else text
    written = parts.yaml
    for key, value in changes.items():
        written = _with(written, key, f"{key}: {scalar(value)}{ending}")
    return parts.opening + written + parts.closing + parts.body


def scalar(value: Value) -> str:
    """Return a value as YAML; JSON's texts, numbers and lists are YAML's as well."""
    return _UNPRINTABLE.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(value, ensure_ascii=False))


def _values(written: str) -> tuple[Mapping[str, Any], str]:
    try:
        values = yaml.load(written, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as problem:
        return {}, f"It is not YAML: {' '.join(str(problem).split())[:200]}"
    if values is None:
        return {}, ""
    if not isinstance(values, dict):
        return {}, "It is not a list of keys with values."
    return {str(key): _plain(value) for key, value in values.items()}, ""


def _plain(value: Any) -> Any:
    """Return a value as JSON can have it: texts for keys."""
    match value:
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _with(written: str, key: str, line: str) -> str:
    """Replace a top-level key with all lines of its value, or add it at the end."""
    own = re.compile(rf"(?m)^{re.escape(key)}[ \t]*:.*\n?(?:(?:[ \t]+\S.*|-.*)\n?)*")
    if own.search(written):
        return own.sub(lambda _: line, written, count=1)
    gap = "" if not written or written.endswith("\n") else "\n"
    return written + gap + line
