"""The recorded outages replay to the verdicts that were given live, to the byte; and they are the drills' truths.

`FAILONCE_GOLDEN=1 pytest tests/test_examples.py` writes the verdicts anew: a person reads the diff.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from failonce import jsontext, plugins
from failonce.app.drill import differences
from failonce.app.investigation import Investigation
from failonce.app.replay import diagnoses
from failonce.observe.recording import read

EXAMPLES = sorted(p.parent for p in (Path(__file__).parents[1] / "examples").glob("*/recording"))
PARTS = ["application", "host", "statements", "tables", "catalog", "probe"]


def truth_of(example):
    return plugins.load("failonce.lab.drills")[example.name].TRUTH


def investigated(snapshots):
    investigation = Investigation()
    for snapshot in snapshots:
        investigation.step(snapshot)
    return investigation.diagnosis


@pytest.fixture(scope="module")
def recorded():
    return {example: tuple(read(example / "recording")) for example in EXAMPLES}


def test_every_drill_has_a_recording():
    assert {example.name for example in EXAMPLES} == set(plugins.load("failonce.lab.drills"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_replays_to_the_byte(example):
    said = jsontext.dumps(diagnoses(example / "recording")[-1])
    if os.environ.get("FAILONCE_GOLDEN"):
        (example / "diagnosis.json").write_text(said)
    assert said == (example / "diagnosis.json").read_text()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_is_the_truth(example):
    assert list(differences(diagnoses(example / "recording")[-1], truth_of(example))) == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_poor_sight_is_right_or_silent(example, part, recorded):
    """One source missing: the cause is the true one or none, and a decoy's culprit is never a query."""
    truth = truth_of(example)
    diagnosis = investigated(replace(s, **{part: None}) for s in recorded[example])
    assert diagnosis is None or diagnosis.cause in (None, truth.cause)
    assert not (truth.is_decoy and diagnosis and diagnosis.culprit)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_sampled_every_five_seconds_is_right_or_silent(example, recorded):
    truth = truth_of(example)
    diagnosis = investigated(recorded[example][::5])
    assert diagnosis is None or diagnosis.cause in (None, truth.cause)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_before_the_fault_there_is_nothing_to_say(example, recorded):
    onset = diagnoses(example / "recording")[-1].onset_at
    assert investigated(s for s in recorded[example] if s.at < onset) is None
