"""Write docs/reference/ from the source: rule-like files' docstrings, the doctor's questions, the commands' help.

python docs/_generate.py           write
python docs/_generate.py --check   write nothing; exit with 1 when a page is not as it would be written
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from failonce import plugins
from failonce.app.doctor import application, host, log, login, operator, server
from failonce.app.doctor.check import Question
from failonce.cli import failonce

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by scripts/docs from the source: change it there. -->"
QUESTIONS: tuple[Question[Any], ...] = (
    *login.QUESTIONS,
    *server.QUESTIONS,
    *application.QUESTIONS,
    *host.QUESTIONS,
    *operator.QUESTIONS,
    *log.QUESTIONS,
)
#: Page: title, folder of rule-like files, what they are.
RULES = {
    "detectors": (
        "Detectors",
        "failonce.detect",
        "Each measures one series and gives a Signal when it leaves its baseline.",
    ),
    "causes": ("Causes", "failonce.diagnose.causes", "What failonce can name as the cause of an outage, or rule out."),
    "triggers": ("Triggers", "failonce.diagnose.triggers", "What may have set a cause off."),
    "remedies": ("Remedies", "failonce.remedy", "The fixes failonce proposes, each with its proof."),
    "index-kinds": (
        "Kinds of indexes",
        "failonce.remedy.advice.kinds",
        "What index advice tries on the twin.",
    ),
    "postmortem-rules": (
        "Postmortem rules",
        "failonce.postmortem.rules",
        "What `failonce lint` asks of a postmortem.",
    ),
    "query-rules": (
        "Query rules",
        "failonce.guard.query_rules",
        "What `failonce review` asks of a statement and its plan on the twin.",
    ),
    "rewrites": (
        "Rewrites",
        "failonce.guard.rewrites",
        "How `failonce review` would write a statement where the planner finds that cheaper, shown only after both gave"
        " the same rows on generated data.",
    ),
    "suite-rules": (
        "Suite rules",
        "failonce.guard.suite_rules",
        "What `failonce review` asks of statements that are sent together.",
    ),
    "migration-rules": (
        "Migration rules",
        "failonce.guard.migration_rules",
        "What `failonce review --migrations` asks of a migration, beside squawk's general rules.",
    ),
    "health-rules": (
        "Health rules",
        "failonce.guard.health_rules",
        "What `failonce review --dsn` asks of a running database.",
    ),
    "drills": ("Drills", "failonce.lab.drills", "Outages made on purpose: `failonce drill run ID`."),
}


def pages() -> Iterator[tuple[str, str]]:
    """Yield each page's file name and text."""
    for name, (title, folder, about) in RULES.items():
        yield f"{name}.md", "\n".join(rule_page(title, about, plugins.load(folder)))
    yield "checks.md", "\n".join(checks_page())
    yield "commands.md", "\n".join(commands_page())
    yield "README.md", "\n".join(contents())


def contents() -> Iterator[str]:
    yield from (NOTE, "", "# Reference", "")
    for name, (title, _, about) in RULES.items():
        yield f"- [{title}]({name}.md): {about}"
    yield "- [Checks](checks.md): What `failonce doctor` looks at."
    yield "- [Commands](commands.md): What each command says of itself."
    yield ""


def rule_page(title: str, about: str, modules: dict[str, ModuleType]) -> Iterator[str]:
    yield from (NOTE, "", f"# {title}", "", about, "")
    for name, module in modules.items():
        yield f"- [{name}](#{name}): {plugins.summary(module)}"
    for name, module in modules.items():
        yield from ("", f"## {name}", "", plugins.summary(module))
        for part, text in parts(module):
            yield from ("", f"**{part}**", "", *(("```text", text, "```") if part == "Example" else (text,)))
    yield ""


def parts(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the parts of a rule-like file's docstring: heading and text."""
    heading = re.compile(rf"^({'|'.join(plugins.PARTS)})$", re.MULTILINE)
    _, *found = heading.split(module.__doc__ or "")
    for part, text in zip(found[::2], found[1::2], strict=True):
        yield part, cleandoc(text)


def checks_page() -> Iterator[str]:
    yield from (NOTE, "", "# Checks", "", "What `failonce doctor` looks at. An id keeps its meaning for ever.", "")
    yield from ("| id | check | why it matters |", "|---|---|---|")
    yield from (f"| {question.id} | {question.title} | {question.why} |" for question in QUESTIONS)
    yield ""


def commands_page() -> Iterator[str]:
    yield from (NOTE, "", "# Commands")
    for path, text in helps(failonce, "failonce"):
        yield from ("", f"## {path}", "", "```text", text, "```")
    yield ""


def helps(command: click.Command, path: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """Yield a command's path and help, then those of its commands."""
    # With the command's own settings: click keeps the help option it first made, for whoever asks next.
    settings = {**command.context_settings, "terminal_width": 100}
    context = click.Context(command, info_name=path.rsplit(" ", 1)[-1], parent=parent, **settings)
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from helps(inner, f"{path} {name}", context)


def main(*, check: bool) -> int:
    written = dict(pages())
    old = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md")}
    stale = sorted(name for name in written.keys() | old.keys() if written.get(name) != old.get(name))
    for name in stale:
        sys.stdout.write(f"docs/reference/{name} {'is not as the source says: scripts/docs' if check else 'written'}\n")
        if check:
            continue
        if name in written:
            REFERENCE.mkdir(exist_ok=True)
            (REFERENCE / name).write_text(written[name], encoding="utf-8")
        else:
            (REFERENCE / name).unlink()
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
