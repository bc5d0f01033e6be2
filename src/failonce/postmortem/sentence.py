"""A document's sentences, each with its line. Linear in the text's length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from failonce.postmortem.read.outline import Node

_END = re.compile(r"(?<=[.!?;])\s+(?=[\"'(]?[A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and the node it is part of."""

    text: str
    node: Node

    @property
    def line(self) -> int:
        return self.node.line


def sentences(nodes: Iterable[Node]) -> Iterator[Sentence]:
    """Yield the sentences of some lines, in order."""
    for node in nodes:
        yield from (Sentence(text.strip(), node) for text in _END.split(node.text) if text.strip())
