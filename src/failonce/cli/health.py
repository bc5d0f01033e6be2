"""Show the live review to a person: one page, healthy or not, line by line. Not a command of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from failonce.app.review.live import Page

_MARKS = {"ok": ("✔", "green"), "warning": ("!", "yellow"), "error": ("✘", "red"), "not checked": ("–", "bright_black")}


def show(page: Page) -> None:
    """Print the page."""
    from failonce.app.review.formats import formatted

    for line in page.lines:
        mark, colour = _MARKS[line.state]
        click.secho(f"{mark} {line.title}: {line.found}", fg=colour)
        if line.state in ("warning", "error"):
            click.echo(f"    {line.why}")
        if line.instead:
            click.echo(f"    → {line.instead}")
    if page.statements and any(report.findings for report in page.statements.reports):
        click.echo(f"\n{formatted(page.statements, 'text')}", nl=False)
    verdict, colour = ("healthy", "green") if page.is_healthy else ("not healthy", "red")
    click.secho(f"\n{page.database}: {verdict}, looked at in {page.seconds:.1f} s", fg=colour, bold=True)
