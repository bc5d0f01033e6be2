"""One command per file: parse, call one use case, print, exit. A file with a `command` in it is a command.

Files are imported when their command is asked for, so that `failonce --help` stays quick.
"""

from __future__ import annotations

import importlib
import keyword
import pkgutil
import sys

import click

from failonce import __version__
from failonce.model.errors import FailonceError

#: In the order in which a newcomer meets them.
COMMANDS = tuple(
    (
        "demo watch web diagnose drill replay twin review guard read lint render new import site"
        " search incidents actions release doctor account backup restore store"
    ).split()
)


class Commands(click.Group):
    """The files of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands a newcomer wants first, then the others."""
        # A file whose name would be a word of Python's own ends in an underscore: import_.py is `failonce import`.
        files = {entry.name.removesuffix("_") for entry in pkgutil.iter_modules(__path__)}
        return [name for name in COMMANDS if name in files]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one command asked for."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"failonce.cli.{_file(cmd_name)}").command
        return command


def _file(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="failonce")
def failonce() -> None:
    """Find the query that took PostgreSQL down, prove the fix, write the postmortem, never fail twice."""


def main() -> None:
    """Run the command line; a FailonceError becomes its message, its hint and its exit code."""
    try:
        code = failonce.main(standalone_mode=False)
    except FailonceError as error:
        click.secho(f"error: {error}", fg="red", err=True)
        click.secho(f"  try: {error.hint}", err=True)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.secho("stopped", err=True)
        code = 130
    except BrokenPipeError:
        code = 0
    except Exception:  # noqa: BLE001 - a fault of ours: the traceback is what helps, and the exit code says so
        sys.excepthook(*sys.exc_info())
        code = 4
    sys.exit(code)
