"""The option that every command on the book has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

store_option: Callable[[Any], Any] = click.option(
    "--store", help="The store: a file or a URL.  [default: as in failonce.toml]"
)
json_option: Callable[[Any], Any] = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def printable(text: str) -> str:
    """Replace what could move the cursor or colour the terminal: much in the book is somebody else's text."""
    return "".join(c if c.isprintable() else " " for c in text)
