"""The templates' environment: every text is escaped, a name that does not exist is an error."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from failonce.postmortem import format, view
from failonce.postmortem.sqllayout import over_lines

# Inside a name; an entity such as &amp; holds neither.
_JOINT = re.compile(r"(_+|(?<=\w)\.)(?=[^\W\d])")


@cache
def environment() -> Environment:
    """Return it."""
    environment = Environment(
        loader=PackageLoader("failonce.postmortem"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        breakable=breakable,
        clock=format.clock,
        number=format.number,
        sentence=format.sentence,
        sql=over_lines,
        gain=view.gain,
        plan_lines=view.plan_lines,
    )
    environment.filters.update(culprit_facts=view.culprit_facts, words=format.words)
    environment.globals.update(period=format.period)
    return environment


@cache
def look() -> str:
    """Return the style sheet of the documents: colours, type, charts, tables."""
    return (resources.files("failonce.postmortem") / "templates" / "page.css").read_text(encoding="utf-8")


def breakable(text: str) -> Markup:
    """Return a text whose long names may break after an underscore or a dot inside."""
    return Markup(_JOINT.sub(r"\1<wbr>", str(escape(text))))
