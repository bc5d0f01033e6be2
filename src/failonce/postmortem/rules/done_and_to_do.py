"""What is told as done is not listed as still to be done.

What it sees
    A task to build, add or deploy what the resolution says was built, added or deployed.

Why it matters
    Either the fix is not complete, or the list is: whoever comes next does the work twice, or leaves it undone.

What to do
    Strike the task, mark it done, or say what part of it is still missing.

Example
    Fails: The code was updated to handle retries. Task: Enhance the API code to include automatic retry mechanisms.
    Passes: The code was updated to handle retries. Task: Give the other three callers the same retries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.roles import Role
from failonce.postmortem.sentence import Sentence, sentences
from failonce.postmortem.subject import Subject
from failonce.postmortem.tasks import tasks
from failonce.postmortem.terms import brief, terms

ID = "done-and-to-do"

#: What was done, with the words that say to what.
_DID = re.compile(
    r"\b(?:implemented|add(?:ed|ing)|deployed|introduced|installed|created|enabled|updated|patched|included)\b"
    r"(?:\W+\w+){1,7}",
    re.IGNORECASE,
)
_DO = re.compile(
    r"\b(?:implement|add|deploy|redeploy|introduce|install|create|enable|update|patch|include|including)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_VERBS = terms("implement add deploy redeploy introduce install create enable update patch include")


def check(subject: Subject) -> Iterator[Finding]:
    spoken = Counter(term for sentence in sentences(subject.parts.all) for term in terms(sentence.text))
    told = [s for s in sentences((*subject.parts.resolution, *subject.parts.cause)) if s.node.label is not Role.CAUSE]
    for task in tasks(subject):
        done = next((found for sentence in told for found in _done(task, sentence, spoken)), None)
        if done:
            words, sentence = done
            yield finding(
                ID,
                task.line,
                message=f'"{brief(str(task.value))}" is to be done, and line {sentence.line} tells of it as done: '
                f'"{brief(words)}".',
                instead="Strike it, mark it done with [x], or say what part of it is still missing.",
                quote=task.as_written,
            )


def _done(task: Fact, sentence: Sentence, spoken: Counter[str]) -> Iterator[tuple[str, Sentence]]:
    """Yield what a sentence tells as done and the task asks for, in a word that the document has nowhere else."""
    asked = _DO.search(str(task.value))
    if asked is None or task.line == sentence.line:
        return
    for match in _DID.finditer(sentence.text):
        shared = (terms(match[0]) & terms(asked[0])) - _VERBS
        if any(spoken[term] <= 2 for term in shared):
            yield match[0], sentence
