"""What a check is: a question with a name that stays, asked of some ground, and its answer.

Nothing here looks at anything; the questions themselves are in the files beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Ground = TypeVar("Ground")


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what was found, why it matters, and the next step."""

    #: Stays the same for ever: `D001`.
    id: str
    title: str
    state: State
    found: str
    why: str
    #: The exact next command; empty when there is nothing to do.
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question finds."""

    state: State
    found: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question(Generic[Ground]):
    """One thing to look at. `ask` looks at the ground and answers."""

    id: str
    title: str
    why: str
    ask: Callable[[Ground], Answer]

    def answered(self, answer: Answer) -> Check:
        return Check(self.id, self.title, answer.state, answer.found, self.why, answer.hint)

    def check(self, ground: Ground) -> Check:
        return self.answered(self.ask(ground))


def not_checked(questions: Iterable[Question[Ground]], reason: str, hint: str = "") -> tuple[Check, ...]:
    """Return the checks of questions that could not be asked, and why."""
    return tuple(question.answered(Answer(State.NOT_CHECKED, reason, hint)) for question in questions)


def ok(found: str) -> Answer:
    return Answer(State.OK, found)


def warning(found: str, hint: str) -> Answer:
    return Answer(State.WARNING, found, hint)


def error(found: str, hint: str) -> Answer:
    return Answer(State.ERROR, found, hint)


def unknown(found: str, hint: str = "") -> Answer:
    return Answer(State.NOT_CHECKED, found, hint)
