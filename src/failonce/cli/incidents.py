"""`failonce incidents`: the incidents in the book, and all about one of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from failonce.cli.stores import json_option, printable, store_option
from failonce.model.dossier import IncidentFilter, IncidentState, Severity

if TYPE_CHECKING:
    from failonce.app.bookkeeping import Whole
    from failonce.model.dossier import Dossier

_STATES = click.Choice([state.value for state in IncidentState])
_SEVERITIES = click.Choice([severity.value for severity in Severity], case_sensitive=False)


@click.command()
@click.argument("incident", required=False)
@click.option("--state", "states", multiple=True, type=_STATES, help="Only those in this state. May be repeated.")
@click.option("--severity", "severities", multiple=True, type=_SEVERITIES, help="Only these. May be repeated.")
@click.option("--target", help="Only those of this target.")
@click.option("--service", help="Only those of this service.")
@click.option("--cause", help="Only those of this cause, such as missing-index.")
@click.option("-n", "--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="How many to show.")
@json_option
@store_option
def command(
    incident: str | None,
    states: tuple[str, ...],
    severities: tuple[str, ...],
    limit: int,
    as_json: bool,
    store: str | None,
    **wanted: str | None,
) -> None:
    """List the incidents in the book, newest first; or with INCIDENT, an incident's id, tell all about it."""
    from failonce import jsontext
    from failonce.app import bookkeeping

    if incident is not None:
        whole = bookkeeping.incident(store, incident)
        if as_json:
            click.echo(jsontext.dumps(whole), nl=False)
        else:
            _tell(whole)
        return
    chosen = IncidentFilter(
        states=tuple(IncidentState(state) for state in states),
        severities=tuple(Severity(severity.upper()) for severity in severities),
        **wanted,  # type: ignore[arg-type]
    )
    page = bookkeeping.incidents(store, chosen, limit=limit)
    if as_json:
        click.echo(jsontext.dumps(page), nl=False)
        return
    for dossier in page.items:
        click.echo(_line(dossier))
    click.echo(f"{page.total} in the book" + (f", {len(page.items)} shown" if page.next else ""))


def _line(dossier: Dossier) -> str:
    severity = f"{dossier.severity or '-':<4}"
    head = f"{dossier.opened_at:%Y-%m-%d %H:%M}  {severity}  {dossier.state:<12}  {dossier.failure.cause or '?':<28}"
    return f"{head}  {printable(dossier.title)}  {click.style(dossier.id, dim=True)}"


def _tell(whole: Whole) -> None:
    dossier = whole.dossier
    click.secho(printable(dossier.title), bold=True)
    services = ", ".join(dossier.services) or dossier.target or "service not known"
    said = (dossier.id, dossier.severity or "no severity", dossier.state, dossier.failure.cause or "cause not known")
    click.echo(printable(" · ".join((*said, services))))
    if whole.timeline:
        click.secho("\nTimeline", bold=True)
    for told in whole.timeline:
        mark = "  superseded" if told.superseded_by else ""
        click.echo(f"  {_clock(told.entry.happened_at)}  {printable(told.entry.text)}{click.style(mark, dim=True)}")
    if whole.actions:
        click.secho("\nAction items", bold=True)
    for item in whole.actions:
        click.echo(f"  {item.state:<12} {item.kind:<9} {printable(item.text)}")
    for number, again in enumerate(whole.recurrences):
        if number == 0:
            click.secho("\nIt happened before", bold=True)
        click.echo(f"  {again.likeness}: {printable(again.explanation)}")


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
