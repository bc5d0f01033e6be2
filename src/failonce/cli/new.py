"""`failonce new`: a postmortem with every part the specification asks for, filled in as far as told."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from failonce.app.new import Ask, New

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?")
_INSTANTS = ("start", "end", "detected")
_MANY = ("actions_taken", "misleading", "improvements", "tasks")


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--title", help="What failed, for whom, as a headline.")
@click.option("--start", metavar="INSTANT", help="When it started: 2026-09-14T14:03")
@click.option("--end", metavar="INSTANT", help="When it ended.")
@click.option("--timezone", help="The zone of these times: UTC, Europe/Berlin.")
@click.option("--service", help="Which service was affected.")
@click.option("--users-affected-percent", type=click.FloatRange(0, 100), help="How many percent of its users.")
@click.option("--experience", help="What users experienced.")
@click.option("--cause-summary", help="The root cause in one sentence.")
@click.option("--detected", metavar="INSTANT", help="When it was detected.")
@click.option("--detected-by", help="How it was detected.")
@click.option("--action-taken", "actions_taken", multiple=True, help="What was done and assumed. May be repeated.")
@click.option("--misleading", multiple=True, help="A wrong lead and how long it cost. May be repeated.")
@click.option("--escalated-to", help="To whom it was escalated.")
@click.option("--resolution-summary", help="How it was resolved, in one sentence.")
@click.option("--cause", help="How the cause led to the outage, in detail.")
@click.option("--fix", help="How the fix works, in detail.")
@click.option("--improvement", "improvements", multiple=True, help="What can be improved. May be repeated.")
@click.option("--task", "tasks", multiple=True, help="A task, with owner and date. May be repeated.")
@click.option("--update", is_flag=True, help="Set the facts of a document that is there; all else stays.")
@click.option("--ask/--no-ask", default=None, help="Ask for what is not told.  [default: ask on a terminal]")
def command(path: Path, update: bool, ask: bool | None, **answers: Any) -> None:
    """Write a postmortem with every part the specification asks for, and say which are still to be filled in.

    Facts go into YAML front matter, prose beneath it. Nothing is saved that could not be read back as it was told.
    """
    from failonce.app import new

    told = {name: value for name, value in answers.items() if value not in (None, ())}
    if ask if ask is not None else sys.stdin.isatty() and not update:
        told |= _asked(new.ASKS, told)
    for name in _INSTANTS:
        _check(name, told.get(name, ""))
    if update:
        click.echo(f"written: {new.update(path, told).path}")
        return
    if not told.get("title"):
        raise click.UsageError("A postmortem needs a title: --title 'Checkout was down for 40 minutes'")
    _show(new.create(path, told))


def _asked(asks: tuple[Ask, ...], told: dict[str, Any]) -> dict[str, Any]:
    """Ask for what is not told; an empty answer leaves it open."""
    found: dict[str, Any] = {}
    if "title" not in told:
        found["title"] = click.prompt("What failed, for whom? (the title)")
    click.echo("Leave empty what is not known yet.")
    for ask in asks:
        if ask.field not in told:
            found |= _answer(ask)
    return found


def _answer(ask: Ask) -> dict[str, Any]:
    click.secho(f"such as: {ask.example}", dim=True)
    if ask.field in _MANY:
        lines: list[str] = []
        while line := click.prompt(ask.question, default="", show_default=False):
            lines.append(line)
        return {ask.field: tuple(lines)} if lines else {}
    while True:
        answer = click.prompt(ask.question, default="", show_default=False).strip()
        try:
            return {ask.field: _typed(ask.field, answer)} if answer else {}
        except click.UsageError as problem:
            click.secho(problem.message, fg="red")


def _typed(field: str, answer: str) -> object:
    if field == "users_affected_percent":
        try:
            share = float(answer.removesuffix("%"))
        except ValueError:
            share = -1.0
        if not 0 <= share <= 100:
            raise click.UsageError("Write a number from 0 to 100.")
        return share
    if field in _INSTANTS:
        _check(field, answer)
    return answer


def _check(field: str, written: str) -> None:
    if written and not _INSTANT.fullmatch(written):
        raise click.UsageError(f"{field}: write date and time, such as 2026-09-14T14:03, not {written!r}.")


def _show(made: New) -> None:
    click.echo(f"written: {made.path}")
    if not made.missing:
        click.echo(f"Every part is there. Next: failonce lint {made.path}")
        return
    click.echo("still to be filled in:")
    for line, ask in made.missing:
        click.echo(f"  {made.path}:{line}: {ask.question} Such as: {ask.example}")
