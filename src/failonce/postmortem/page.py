"""The postmortem as one HTML file that opens anywhere: charts, evidence and text, no script, nothing loaded.

Everything arrives as an argument; the same arguments give the same bytes. Every text is escaped: what a database
says is never markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from failonce import jsontext
from failonce.model.action import ActionItem
from failonce.model.incident import Incident
from failonce.model.snapshot import Snapshot
from failonce.postmortem import view
from failonce.postmortem.article import article, headings, parsed
from failonce.postmortem.known import figures, lede, title
from failonce.postmortem.measurements import measurements
from failonce.postmortem.parts import chain_values, ledger_values, timeline_values
from failonce.postmortem.pictures import Pictures
from failonce.postmortem.read import read
from failonce.postmortem.templating import environment

#: Deeper headings are not in the contents.
_LISTED_DEPTH = 2


def page(
    incident: Incident,
    markdown: str,
    snapshots: Sequence[Snapshot],
    actions: Sequence[ActionItem] = (),
    pictures: Pictures | None = None,
) -> str:
    """Return the incident's page."""
    measured = measurements(incident, snapshots)
    seen_until = max((s.at for s in snapshots), default=None)
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            incident=incident,
            status=view.status(incident),
            summary=view.summary(incident),
            figures=view.key_figures(incident),
            measured=measured,
            **chain_values(incident),
            **timeline_values(incident, seen_until),
            **ledger_values(incident),
            remedy=incident.remedy,
            article=article(markdown, pictures),
            actions=actions,
            facts=_facts(incident, actions),
        )
    )


def article_page(markdown: str, pictures: Pictures | None = None) -> str:
    """Return the page of a document alone: what can be read of it at its head, and its text."""
    found, (_, tokens) = read(markdown), parsed(markdown)
    return (
        environment()
        .get_template("article.html.j2")
        .render(
            title=title(markdown, found),
            lede=lede(found),
            figures=figures(found),
            headings=[heading for heading in headings(tokens) if heading.depth < _LISTED_DEPTH],
            article=article(markdown, pictures),
        )
    )


def _facts(incident: Incident, actions: Sequence[ActionItem]) -> Markup:
    """Return what the page says as JSON, in a form that cannot end the element it stands in."""
    text = jsontext.dumps({"incident": replace(incident, exhibit=None), "actions": tuple(actions)})
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))
