"""The postmortem as one HTML file that opens anywhere: charts, evidence and text, no script, nothing loaded.

Everything arrives as an argument; the same arguments give the same bytes. Every text is escaped: what a database
says is never markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from failonce import jsontext
from failonce.model.action import ActionItem
from failonce.model.diagnosis import LinkKind
from failonce.model.incident import Incident
from failonce.model.snapshot import Snapshot
from failonce.postmortem import format, view
from failonce.postmortem.article import article, headings, parsed
from failonce.postmortem.charts.moments import Phase, phases
from failonce.postmortem.charts.timeline import timeline_bar
from failonce.postmortem.known import figures, lede, title
from failonce.postmortem.measurements import measurements
from failonce.postmortem.pictures import Pictures
from failonce.postmortem.read import read
from failonce.postmortem.sqllayout import over_lines

#: Deeper headings are not in the contents.
_LISTED_DEPTH = 2
# Inside a name; an entity such as &amp; holds neither.
_JOINT = re.compile(r"(_+|(?<=\w)\.)(?=[^\W\d])")


def page(
    incident: Incident,
    markdown: str,
    snapshots: Sequence[Snapshot],
    actions: Sequence[ActionItem] = (),
    pictures: Pictures | None = None,
) -> str:
    """Return the incident's page."""
    seen = (*(s.at for s in snapshots), *(entry.happened_at for entry in incident.timeline))
    seen_until = max(seen, default=incident.diagnosis.detected_at)
    template = _environment().get_template("page.html.j2")
    return template.render(
        incident=incident,
        status=view.status(incident),
        summary=view.summary(incident),
        figures=view.key_figures(incident),
        cards=view.cards(incident.diagnosis.chain),
        cause=LinkKind.CAUSE.value,
        culprit=incident.diagnosis.culprit,
        measured=measurements(incident, snapshots),
        bars=_bars(phases(incident, seen_until)),
        entries=view.entries(incident.timeline),
        days=view.days(incident.timeline),
        ruled_out=view.leads(incident.diagnosis.ruled_out),
        open_leads=view.leads(incident.diagnosis.open_leads),
        remedy=incident.remedy,
        article=article(markdown, pictures),
        actions=actions,
        facts=_facts(incident, actions),
    )


def article_page(markdown: str, pictures: Pictures | None = None) -> str:
    """Return the page of a document alone: what can be read of it at its head, and its text."""
    found, (_, tokens) = read(markdown), parsed(markdown)
    return (
        _environment()
        .get_template("article.html.j2")
        .render(
            title=title(markdown, found),
            lede=lede(found),
            figures=figures(found),
            headings=[heading for heading in headings(tokens) if heading.depth < _LISTED_DEPTH],
            article=article(markdown, pictures),
        )
    )


def _bars(told: Sequence[Phase]) -> tuple[Markup, Markup] | None:
    """Return the bar of phases for a page and for a phone; None when onset and end are one instant."""
    if not told:
        return None
    return timeline_bar(told, width=872, name="wide"), timeline_bar(told, width=380, name="narrow")


def _breakable(text: str) -> Markup:
    """Return a text whose long names may break after an underscore or a dot inside."""
    return Markup(_JOINT.sub(r"\1<wbr>", str(escape(text))))


def _facts(incident: Incident, actions: Sequence[ActionItem]) -> Markup:
    """Return what the page says as JSON, in a form that cannot end the element it stands in."""
    text = jsontext.dumps({"incident": incident, "actions": tuple(actions)})
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("failonce.postmortem"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        breakable=_breakable,
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
