"""Postmortems as PDF: the report, the article and the one-pager, set by typst from data alone.

The document reaches typst as JSON, its charts as SVG files of a folder of their own: nothing of it is ever markup or
code. The same arguments give the same bytes. Needs the extra `pdf`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from failonce import jsontext
from failonce.model.action import ActionItem
from failonce.model.errors import FailonceError
from failonce.model.incident import Incident
from failonce.model.remedy import PlanSummary
from failonce.model.snapshot import Snapshot
from failonce.postmortem import onepager, view
from failonce.postmortem.blocks import blocks
from failonce.postmortem.charts.moments import phases
from failonce.postmortem.charts.timeline import timeline_bar
from failonce.postmortem.format import clock, number, period, sentence, words
from failonce.postmortem.known import figures, lede, title
from failonce.postmortem.measurements import measurements
from failonce.postmortem.pictures import Picture, Pictures
from failonce.postmortem.read import read
from failonce.postmortem.sqllayout import over_lines

_TEMPLATES = ("report.typ", "onepager.typ", "look.typ")
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
#: The bundled fonts cover what comes before: Latin, Greek, Cyrillic. For more, the machine's own are asked.
_BEYOND_BUNDLED_FONTS = 0x2E80
Files = dict[str, bytes]


class PdfUnavailable(FailonceError):
    """A PDF needs the typesetter, which is not installed."""


class PdfFailed(FailonceError):
    """The typesetter broke down on the document."""


def report_pdf(
    incident: Incident,
    markdown: str,
    snapshots: Sequence[Snapshot],
    actions: Sequence[ActionItem] = (),
    pictures: Pictures | None = None,
) -> bytes:
    """Return the incident's postmortem as PDF."""
    files, shown = _charts(incident, snapshots), dict[str, Picture]()
    data = {
        **_incident(incident),
        "figures": view.key_figures(incident),
        "cards": view.cards(incident.diagnosis.chain),
        "query": over_lines(incident.diagnosis.culprit.query or "") if incident.diagnosis.culprit else "",
        "without": view.without(incident.diagnosis),
        "charts": sorted(files),
        "days": " and ".join(view.days(incident.timeline)),
        "entries": view.entries(incident.timeline),
        "ruled_out": view.leads(incident.diagnosis.ruled_out),
        "open_leads": view.leads(incident.diagnosis.open_leads),
        "gaps": [
            {"source": words(g.source), "text": f"{sentence(g.reason)} {sentence(g.impact)}"}
            for g in incident.diagnosis.gaps
        ],
        "remedy": _remedy(incident),
        "actions": actions,
        "blocks": blocks(markdown, pictures or {}, shown),
    }
    return _set("report.typ", data, files, shown)


def article_pdf(markdown: str, pictures: Pictures | None = None) -> bytes:
    """Return a document alone as PDF."""
    found, shown = read(markdown), dict[str, Picture]()
    data = {
        "title": title(markdown, found),
        "eyebrow": "Postmortem",
        "when": "",
        "lede": lede(found),
        "figures": figures(found),
        "blocks": blocks(markdown, pictures or {}, shown),
    }
    return _set("report.typ", data, {}, shown)


def onepager_pdf(incident: Incident, snapshots: Sequence[Snapshot], actions: Sequence[ActionItem] = ()) -> bytes:
    """Return what a director needs, on one A4 page."""
    files = _charts(incident, snapshots)
    charts = [name for name in sorted(files) if name in ("0-bar.svg", "2-response-time.svg")]
    data = {**_incident(incident), **onepager.of_incident(incident, actions), "charts": charts}
    return _set("onepager.typ", data, files, {})


def document_onepager_pdf(markdown: str) -> bytes:
    """Return what a document says, on one A4 page."""
    return _set(
        "onepager.typ", {"title": title(markdown), "charts": [], **onepager.of_document(read(markdown))}, {}, {}
    )


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "title": incident.title,
        "eyebrow": f"Postmortem  /  {incident.target}  /  {incident.id}",
        "when": f"{words(view.status(incident))}: {period(incident.diagnosis.onset_at, incident.recovered_at)}",
        "lede": view.summary(incident),
    }


def _remedy(incident: Incident) -> dict[str, Any] | None:
    remedy = incident.remedy
    if remedy is None:
        return None
    proof = remedy.proof
    applied = f"Applied {clock(remedy.applied_at)} UTC" if remedy.applied_at else "Not applied"
    finished = f", in place {clock(remedy.finished_at)} UTC" if remedy.finished_at else ""
    return {
        "statement": sentence(remedy.statement),
        "sql": remedy.sql,
        "proof": proof and {name: _plan(plan) for name, plan in (("before", proof.before), ("after", proof.after))},
        "gain": view.gain(proof) if proof else "",
        "unproven": remedy.unproven,
        "facts": [f"{applied}{finished}.", f"Failed: {remedy.failed}" if remedy.failed else ""],
        "undo": remedy.undo,
    }


def _plan(plan: PlanSummary) -> dict[str, str]:
    return {"cost": number(plan.cost), "node": plan.node}


def _charts(incident: Incident, snapshots: Sequence[Snapshot]) -> Files:
    """Return the charts as files, named in the order in which they stand."""
    measured = measurements(incident, snapshots)
    seen = (*(s.at for s in snapshots), *(entry.happened_at for entry in incident.timeline))
    told = phases(incident, max(seen, default=incident.diagnosis.detected_at))
    drawn: dict[str, str] = {}
    if told:
        drawn["0-bar.svg"] = str(timeline_bar(told, width=872, name="wide"))
    if measured.strip:
        drawn["1-moments.svg"] = str(measured.strip.wide)
    drawn |= {f"{number}-{figure.id}.svg": str(figure.wide) for number, figure in enumerate(measured.figures, start=2)}
    return {name: _standing_alone(svg).encode() for name, svg in drawn.items()}


def _standing_alone(svg: str) -> str:
    """Return a chart with its looks inside it, as a file of its own needs them."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    size = f'width="{box[1]}" height="{box[2]}" ' if box else ""
    told = svg.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" {size}', 1)
    return told.replace(">", f"><style>{_chart_style()}</style>", 1)


@cache
def _chart_style() -> str:
    """Return the page's rules for charts, in the colours of paper."""
    css = _template("page.css")
    colours: Mapping[str, str] = dict(re.findall(r"--([\w-]+): (#\w+)", css.split("@media print", 1)[1]))
    rules = [line.replace("svg ", "") for line in css.splitlines() if line.startswith("svg .")]
    rules = [rule.replace("font-size: 14px", "font-size: 16px") for rule in rules]
    # On paper the charts are smaller than on a screen: larger letters, in the narrower typeface that is bundled.
    base = f"text {{ font-size: 14px; font-family: 'Libertinus Serif'; fill: {colours['muted']}; }}"
    return base + _VARIABLE.sub(lambda m: colours.get(m[1], "#000"), "".join(rules))


def _template(name: str) -> str:
    return (resources.files("failonce.postmortem") / "templates" / name).read_text(encoding="utf-8")


def _set(template: str, data: Mapping[str, Any], files: Files, shown: Mapping[str, Picture]) -> bytes:
    """Set a template; a picture that the typesetter cannot read is said in its place."""
    text = jsontext.dumps(data)
    carried = {**files, **{name: picture.content for name, picture in shown.items()}}
    unreadable = [name for name in shown if not _compiles(name, shown[name].content)]
    return _compile(
        template, {**carried, "data.json": text.encode(), "unreadable.json": jsontext.dumps(unreadable).encode()}
    )


def _compiles(name: str, content: bytes) -> bool:
    typst = _typst()
    try:
        _compile("picture.typ", {"picture.typ": f'#image("{name}")'.encode(), name: content})
    except typst.TypstError:
        return False
    return True


def _compile(main: str, files: Files) -> bytes:
    with tempfile.TemporaryDirectory(prefix="failonce-pdf-") as name:
        folder = Path(name)
        for template in _TEMPLATES:
            (folder / template).write_text(_template(template), encoding="utf-8")
        for path, content in files.items():
            (folder / path).write_bytes(content)
        text = files.get("data.json", b"").decode()
        plain = all(ord(c) < _BEYOND_BUNDLED_FONTS for c in text)
        return _typeset(str(folder / main), root=name, ignore_system_fonts=plain)


def _typeset(path: str, **options: Any) -> bytes:
    """Run the typesetter; a panic within it, which is no Exception, does not take the caller down."""
    typst = _typst()
    try:
        made: bytes = typst.compile(path, timestamp=0, **options)
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
        hint = "Render it as HTML, which prints well: failonce render FILE --to html."
        raise PdfFailed(f"The typesetter broke down: {problem}", hint=hint) from problem
    return made


def _typst() -> Any:
    try:
        import typst
    except ImportError:
        raise PdfUnavailable(hint="pip install 'failonce[pdf]'") from None
    return typst
