"""The dialogue of `failonce drill train`: the pager rings, the person asks for evidence and names a cause."""

from __future__ import annotations

import time
from collections.abc import Iterable

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from failonce.app.training import Score, Training
from failonce.model.errors import NotFound

_PROMPT = "\noncall"


def train(training: Training, console: Console) -> Score | None:
    """Lead the dialogue; None when the person gives up."""
    console.print("[bold red]▲ The pager rings.[/] Users complain; this is all you know:\n")
    for line in training.alert:
        console.print(f"  {line}")
    console.print(Padding(_menu(training), (1, 0, 0, 2)))
    began = time.monotonic()
    while True:
        words = click.prompt(_PROMPT, prompt_suffix="> ", err=True).split()
        try:
            match words:
                case ["quit"]:
                    return None
                case ["causes"]:
                    console.print(_table(training.causes()))
                case ["name", cause]:
                    return training.name(cause, seconds=time.monotonic() - began)
                case [word]:
                    for line in training.ask(word):
                        console.print(f"  {line}", markup=False)
                case _:
                    console.print("Ask for one thing, such as `sessions`, or answer with `name CAUSE`.")
        except NotFound as error:
            console.print(f"{error} {error.hint}", markup=False)


def _menu(training: Training) -> Table:
    ends = [("causes", "What can be named"), ("name CAUSE", "Your verdict"), ("quit", "Give up")]
    return _table([*training.evidence(), *ends])


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for word, what in rows:
        table.add_row(Text(word, style="bold"), Text(what, style="dim"))
    return table


def told(score: Score) -> str:
    """Return the score as the person reads it."""
    asked = f"{len(score.asked)} questions" if len(score.asked) != 1 else "one question"
    verdict = "[bold green]Right[/]" if score.is_right else f"[bold red]Not {score.named}[/]"
    lines = [f"\n{verdict}, after {_span(score.seconds)} and {asked}.", *_others(score), "", "What it was:"]
    return "\n".join([*lines, *(f"  {link}" for link in score.chain)])


def _others(score: Score) -> list[str]:
    lines = []
    if score.engine_seconds is not None:
        lines.append(f"failonce named it {_span(score.engine_seconds)} after the onset.")
    if score.precedent is not None and score.precedent.minutes_to_cause is not None:
        lines.append(f"{score.precedent.outage}: {score.precedent.minutes_to_cause:.0f} minutes.")
    return lines


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min {seconds % 60:.0f} s" if seconds >= 60 else f"{seconds:.0f} s"
