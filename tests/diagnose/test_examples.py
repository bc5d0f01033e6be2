"""The recorded outages replay to the verdicts that were given live, to the byte; and they are the drills' truths.

`FAILONCE_GOLDEN=1 pytest tests/diagnose/test_examples.py` writes the verdicts anew: a person reads the diff.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from failonce import jsontext, plugins
from failonce.app.grade import grade
from failonce.app.sight import SIGHTS, verdict
from failonce.observe.recording import read

EXAMPLES = sorted(p.parent for p in (Path(__file__).parents[2] / "examples").glob("*/recording"))

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)


def truth_of(example):
    return plugins.load("failonce.lab.drills")[example.name].TRUTH


@cache
def recorded(example):
    return tuple(read(example / "recording"))


@cache
def seen_in_full(example):
    return verdict(recorded(example))


def test_every_drill_has_a_recording():
    assert {example.name for example in EXAMPLES} == set(plugins.load("failonce.lab.drills"))


@each_example
def test_replays_to_the_byte(example):
    said = jsontext.dumps(seen_in_full(example))
    if os.environ.get("FAILONCE_GOLDEN"):
        (example / "diagnosis.json").write_text(said)
    assert said == (example / "diagnosis.json").read_text()


@each_example
def test_is_the_truth(example):
    assert grade(seen_in_full(example), truth_of(example)).faults == ()


@pytest.mark.parametrize("sight", SIGHTS)
@each_example
def test_poor_sight_is_right_or_silent(example, sight):
    """A source missing, or looking less often: the true cause or none, and nobody accused who is innocent."""
    diagnosis = verdict(SIGHTS[sight](recorded(example)))
    graded = grade(diagnosis, truth_of(example))
    assert graded.is_right_or_silent, graded.faults


@each_example
def test_before_the_fault_there_is_nothing_to_say(example):
    full = seen_in_full(example)
    healthy = [s for s in recorded(example) if full is None or s.at < full.onset_at]
    assert verdict(healthy) is None
