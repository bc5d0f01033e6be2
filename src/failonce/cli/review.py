"""`failonce review`: statements, migrations and a running database, before they take anything down."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from failonce.app.review.options import ReviewOptions
    from failonce.app.review.statements import Outcome

_MB = 1_000_000
_FORMATS = ("text", "json", "sarif", "junit", "github", "markdown")


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dsn", metavar="DSN", help="Review this running database, read-only, under a monitoring role.")
@click.option("--migrations", is_flag=True, help="PATH holds migrations: plain SQL, Alembic's or Django's.")
@click.option("--since", metavar="NAME", help="Only the migrations after this one.")
@click.option("--statements", type=click.Path(path_type=Path), help="A snapshot of pg_stat_statements, CSV or JSON.")
@click.option("--over", "over_s", type=float, metavar="SECONDS", help="How long that snapshot counted.")
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    metavar="MB",
    help="Advise indexes for that snapshot's statements together, within so many megabytes.",
)
@click.option("--twin", type=click.Path(path_type=Path), help="Plan on this twin: see failonce twin pull.")
@click.option("--twin-of", metavar="DSN", help="Plan on a twin of this database.")
@click.option("--sample-dsn", metavar="DSN", help="Count in this copy of production which values come together.")
@click.option("--baseline", type=click.Path(path_type=Path), help="The plans kept.  [default: failonce-plans.json]")
@click.option("--keep", is_flag=True, help="Keep today's plans in the baseline.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--report", "files", multiple=True, metavar="FORMAT=FILE", help="Also write the findings to a file.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules.")
@click.option("--explain", metavar="RULE", help="Print a rule's page.")
@click.option("--config", type=click.Path(path_type=Path), help="Another failonce.toml.")
def command(paths: tuple[Path, ...], form: str, as_json: bool, files: tuple[str, ...], **asked: Any) -> None:
    """Say what statements would do to production, planned on a twin of it: nothing is run, no data is needed.

    PATH is a file of SQL or a folder of them; with --migrations one of migrations, or the folder that alembic.ini or
    manage.py is in.

    Exit with 1 when there are findings of severity error. A rule is turned off for one statement by a comment in it:

        -- failonce: ignore RULE: reason
    """
    if asked["list_rules"] or asked["explain"]:
        _show_rules(asked["explain"])
        return
    if asked["dsn"]:
        _live(asked, as_json=as_json or form == "json")
    from failonce.app.review.formats import formatted, report_files, write_reports

    wanted = report_files(files, option="--report")
    outcome = _outcome(paths, _options(asked), asked)
    write_reports(outcome, wanted)
    click.echo(formatted(outcome, "json" if as_json else form), nl=False)
    sys.exit(1 if outcome.errors else 0)


def _outcome(paths: tuple[Path, ...], options: ReviewOptions, asked: dict[str, Any]) -> Outcome:
    from failonce.app.review.files import read_statements
    from failonce.app.review.queries import review_queries
    from failonce.app.review.statements import review_statements

    if asked["migrations"] and paths:
        from failonce.app.review.migrations import review_migrations

        return review_migrations(paths, options, since=asked["since"])
    if asked["statements"]:
        return review_statements(read_statements(asked["statements"], over_s=asked["over_s"]), options)
    if not paths:
        raise click.UsageError("Name what to review: failonce review queries/")
    return review_queries(paths, options)


def _live(asked: dict[str, Any], *, as_json: bool) -> None:
    from failonce import jsontext
    from failonce.app.review.live import review_live
    from failonce.cli.health import show

    page = review_live(asked["dsn"], _options(asked))
    if as_json:
        click.echo(jsontext.dumps(page), nl=False)
    else:
        show(page)
    sys.exit(0 if page.is_healthy else 1)


def _options(asked: dict[str, Any]) -> ReviewOptions:
    from dataclasses import replace

    from failonce.app.review.options import BASELINE, load, with_twin

    options = with_twin(load(asked["config"]), asked["twin"], asked["twin_of"])
    baseline = asked["baseline"] or options.baseline or Path(BASELINE)
    if asked["budget"] and not asked["statements"]:
        raise click.UsageError("--budget is for a snapshot: failonce review --statements FILE --budget MB")
    budget = asked["budget"] * _MB if asked["budget"] else None
    sample = asked["sample_dsn"]
    if sample and (asked["migrations"] or asked["dsn"]):
        raise click.UsageError("--sample-dsn is for statements: failonce review queries/ --sample-dsn DSN")
    return replace(options, baseline=baseline, keep=asked["keep"], budget=budget, sample_dsn=sample)


def _show_rules(name: str | None) -> None:
    from failonce.app.review.options import all_rules
    from failonce.model.errors import NotFound

    pages = all_rules()
    if name is None:
        click.echo("\n".join(f"{rule:<24} {page.splitlines()[0]}" for rule, page in pages.items()))
    elif name in pages:
        click.echo(pages[name])
    else:
        raise NotFound(f"There is no rule {name}.", hint="failonce review --rules lists them.")
