"""*Postmortem*: the document as an article, its review, its versions, and what the lint finds in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from failonce.app.pages.desk import Desk
from failonce.app.pages.incident import Charts, charts_of, told_figures
from failonce.model.action import ActionItem
from failonce.model.dossier import Dossier
from failonce.model.errors import NotFound
from failonce.model.finding import Finding
from failonce.model.review import PostmortemVersion, Review
from failonce.model.viewer import Viewer
from failonce.postmortem import view
from failonce.postmortem.article import Heading, article, headings, parsed, written
from failonce.postmortem.known import figures, lede
from failonce.postmortem.lint import lint
from failonce.postmortem.read import read
from failonce.postmortem.view import KeyFigure

#: Deeper headings are not in the contents.
_LISTED_DEPTH = 2
#: Documents kept set: a postmortem is read far more often than it is written.
_KEPT = 256


@dataclass(frozen=True, slots=True)
class Article:
    """A document set."""

    html: Markup
    contents: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a document says by itself, for incidents that nobody measured."""

    lede: str
    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class PostmortemPage:
    """The page."""

    dossier: Dossier
    review: Review
    shown: PostmortemVersion
    article: Article
    figures: tuple[KeyFigure, ...]
    lede: str
    versions: tuple[PostmortemVersion, ...]
    actions: tuple[ActionItem, ...]
    agenda: Markup
    #: None for an incident that nobody measured, or of which nothing can be drawn.
    charts: Charts | None

    @property
    def is_newest(self) -> bool:
        """Tell whether it is not an earlier version that is shown."""
        return self.shown.version == self.review.version


def postmortem_page(desk: Desk, viewer: Viewer, incident_id: str, version: int | None = None) -> PostmortemPage:
    """Return a postmortem, its newest version when none is named. Raises NotFound."""
    book = desk.book
    dossier = book.incidents.dossier(viewer, incident_id)
    review = book.postmortems.review(viewer, incident_id)
    shown = book.postmortems.text(viewer, incident_id, version)
    incident = book.incidents.measured(viewer, incident_id)
    told = None if incident else told_by(shown.markdown)
    return PostmortemPage(
        dossier=dossier,
        review=review,
        shown=shown,
        article=set_article(shown.markdown),
        figures=view.key_figures(incident) if incident else (told and told.figures) or told_figures(dossier),
        lede=view.summary(incident) if incident else told.lede if told else "",
        versions=book.postmortems.versions(viewer, incident_id),
        actions=book.actions.of(viewer, incident_id),
        agenda=article(review.agenda) if review.agenda else Markup(),
        charts=charts_of(incident) if incident and incident.exhibit else None,
    )


@lru_cache(maxsize=_KEPT)
def set_article(markdown: str) -> Article:
    """Return a document as HTML with its contents."""
    _, tokens = parsed(markdown)
    listed = tuple(heading for heading in headings(tokens) if heading.depth < _LISTED_DEPTH)
    return Article(written(tokens), listed)


@lru_cache(maxsize=_KEPT)
def told_by(markdown: str) -> Told:
    """Return what can be read of a document."""
    found = read(markdown)
    return Told(lede(found), figures(found))


@dataclass(frozen=True, slots=True)
class Draft:
    """What the page to edit shows."""

    dossier: Dossier
    review: Review | None
    markdown: str
    #: The version it is based on; None for the first.
    version: int | None
    findings: tuple[Finding, ...]


def draft_page(desk: Desk, viewer: Viewer, incident_id: str) -> Draft:
    """Return the newest text to be edited; an empty one when there is none yet."""
    dossier = desk.book.incidents.dossier(viewer, incident_id)
    try:
        review = desk.book.postmortems.review(viewer, incident_id)
    except NotFound:
        return Draft(dossier, None, "", None, ())
    text = desk.book.postmortems.text(viewer, incident_id)
    return Draft(dossier, review, text.markdown, text.version, lint(text.markdown))


def findings(markdown: str) -> tuple[Finding, ...]:
    """Return what the lint finds in a text."""
    return lint(markdown)
