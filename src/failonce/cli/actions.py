"""`failonce actions`: what is to be done, overdue first."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from failonce.cli.stores import json_option, printable, store_option
from failonce.model.action import ActionFilter, ActionItem, ActionKind, ActionState

_STATES = click.Choice([state.value for state in ActionState])
_KINDS = click.Choice([kind.value for kind in ActionKind])


@click.command()
@click.option("--state", "states", multiple=True, type=_STATES, help="In this state. May be repeated.  [default: open]")
@click.option("--kind", type=_KINDS, help="Only those of this kind.")
@click.option("--owner", help="Only those of this person.")
@click.option("--incident", "incident_id", help="Only those of this incident.")
@click.option("--overdue", is_flag=True, help="Only those that are overdue; exit with 1 when there are any.")
@click.option("-n", "--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="How many to show.")
@json_option
@store_option
def command(
    states: tuple[str, ...],
    kind: str | None,
    overdue: bool,
    limit: int,
    as_json: bool,
    store: str | None,
    **wanted: str | None,
) -> None:
    """List the action items: by due date, those without one last."""
    from failonce import jsontext
    from failonce.app import bookkeeping

    today = datetime.now(UTC).date()
    chosen = ActionFilter(
        states=tuple(ActionState(state) for state in states or ("open",)),
        kind=ActionKind(kind) if kind else None,
        overdue_on=today if overdue else None,
        **wanted,  # type: ignore[arg-type]
    )
    page = bookkeeping.actions(store, chosen, limit=limit)
    if as_json:
        click.echo(jsontext.dumps(page), nl=False)
    else:
        for item in page.items:
            due = click.style(f"{item.due or 'no date':<10}", fg="red" if item.is_overdue(today) else None)
            click.echo(f"{due}  {item.kind:<8}  {_owner(item):<12}  {printable(item.text)}")
            click.secho(f"            {_became(item)}", dim=True)
        click.echo(f"{page.total} found" + (f", {len(page.items)} shown" if page.next else ""))
    sys.exit(1 if overdue and page.total else 0)


def _owner(item: ActionItem) -> str:
    return printable(item.owner) if item.owner else "nobody"


def _became(item: ActionItem) -> str:
    """Return where it stands, and what stands behind a verification."""
    if item.state is ActionState.VERIFIED:
        behind = f"by guard {item.guard}" if item.proofs else f"on the word of {item.vouched_by}"
        return printable(f"{item.id} · verified {behind}")
    reason = f": {item.reason}" if item.reason else ""
    return printable(f"{item.id} · {item.state}{reason}")
