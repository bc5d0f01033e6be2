"""`failonce store verify`: is the book as it was written?"""

from __future__ import annotations

import sys

import click

from failonce.cli.stores import json_option, store_option


@click.group()
def command() -> None:
    """Look after the store."""


@command.command("verify")
@click.option("--anchor", metavar="NUMBER:HASH", help="What an earlier run printed, kept where nobody could change it.")
@json_option
@store_option
def verify_store(anchor: str | None, as_json: bool, store: str | None) -> None:
    """Check every hash: of each timeline, each version of a postmortem, and the audit log that chains them all.

    What was changed behind the book's back is named. Whoever rewrites the whole log is seen by an anchor that was kept
    elsewhere. Exit with 1 when something is not as it was written.
    """
    from failonce import jsontext
    from failonce.app.bookkeeping import verify

    found = verify(store, anchor)
    if as_json:
        click.echo(jsontext.dumps(found), nl=False)
        sys.exit(1 if found.broken else 0)
    click.echo(
        f"checked: {found.audited} entries of the audit log, {found.entries} of timelines, {found.versions} versions of"
        f" postmortems, {found.incidents} incidents"
    )
    for broken in found.broken:
        click.secho(f"{broken.place}: {broken.reason}", fg="red", err=True)
    click.echo(f"anchor: {found.anchor}")
    click.secho("every hash is right" if not found.broken else f"{len(found.broken)} are not right", bold=True)
    sys.exit(1 if found.broken else 0)
