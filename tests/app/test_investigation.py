"""An investigation, step by step: when a verdict is told, and how its chain is completed afterwards."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from failonce.app.events import Completed, Diagnosed, Opened
from failonce.app.investigation import CHAIN_SETTLES, Investigation
from failonce.diagnose.engine import deepens
from failonce.model.diagnosis import Status, Verdict
from failonce.observe.recording import read

EXAMPLES = Path(__file__).parents[2] / "examples"


def followed(example):
    """Step through a recording; return the investigation and what it told, each with the verdict of that moment."""
    investigation, told = Investigation(), []
    for snapshot in read(EXAMPLES / example / "recording"):
        told += [(event, investigation.diagnosis) for event in investigation.step(snapshot)]
    return investigation, told


def looks(told):
    """Seconds, which are looks, from the incident to the verdict."""
    (opened,) = [event for event, _ in told if isinstance(event, Opened)]
    first = next(event for event, _ in told if isinstance(event, Diagnosed))
    return (first.at - opened.at).total_seconds()


@pytest.mark.parametrize("example", ["slow-application", "permission-denied", "hot-row"])
def test_a_confirmed_verdict_is_told_after_two_looks(example):
    _, told = followed(example)
    assert looks(told) == pytest.approx(1, abs=0.5)


@pytest.mark.parametrize("example", ["table-bloat", "stale-statistics"])
def test_a_likely_one_after_three(example):
    investigation, told = followed(example)
    assert investigation.diagnosis.confidence < 1
    assert looks(told) >= 1.5


def test_everything_is_loaded_before_there_is_trouble():
    """What is first imported when an incident opens holds up the ticks of a machine that has no time left."""
    code = f"""
import sys
from dataclasses import replace
from pathlib import Path
from failonce.app.investigation import Investigation
from failonce.diagnose.engine import deepens
from failonce.model.diagnosis import Status, Verdict
from failonce.observe.recording import read
investigation, snapshots = Investigation(), list(read(Path({str(EXAMPLES / "missing-index" / "recording")!r})))
before = set(sys.modules)
for snapshot in snapshots:
    investigation.step(snapshot)
print(investigation.diagnosis.cause, sorted(set(sys.modules) - before))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "missing-index []"


def test_the_chain_is_completed_and_the_verdict_stands():
    investigation, told = followed("index-dropped-at-release")
    (told_at, first), *_ = [(event.at, verdict) for event, verdict in told if isinstance(event, Diagnosed)]
    completed = [event for event, _ in told if isinstance(event, Completed)]
    links = {link.id for event in completed for link in event.links}
    assert "full-scan" in links
    assert links.isdisjoint(link.id for link in first.chain)
    assert {link.id for link in investigation.diagnosis.chain} == {link.id for link in first.chain} | links
    assert investigation.diagnosis.diagnosed_at == told_at
    assert all(event.at - told_at <= CHAIN_SETTLES for event in completed)


def test_a_trigger_that_shows_late_takes_the_place_of_none():
    run = Path(__file__).parents[1] / "diagnose" / "once_wrong" / "busy-application.as-made"
    investigation, chains = Investigation(), []
    for snapshot in read(run):
        chains += [
            investigation.diagnosis.chain[0].id
            for event in investigation.step(snapshot)
            if isinstance(event, Diagnosed | Completed)
        ]
    assert chains == ["latent", "release"]


@pytest.fixture
def verdict():
    return followed("missing-index")[0].diagnosis


def test_what_is_behind_a_verdict_takes_its_place(verdict, monkeypatch):
    """The name that was told after two looks is given up for a deeper one after three, never for a shallower."""
    deeper = replace(verdict, cause="wrong-index-order")
    found = iter([verdict] * 4 + [deeper] * 3 + [verdict] * 6)
    monkeypatch.setattr("failonce.app.investigation.diagnose", lambda *_, **__: next(found, verdict))
    _, told = followed("slow-application")
    assert [event.diagnosis.cause for event, _ in told if isinstance(event, Diagnosed)] == [
        "missing-index",
        "wrong-index-order",
    ]


def test_deeper_means_the_same_culprit_and_every_cause_told(verdict):
    deeper = replace(verdict, cause="wrong-index-order")
    assert deepens(verdict, deeper)
    assert not deepens(deeper, verdict)
    assert not deepens(verdict, verdict)
    assert not deepens(verdict, replace(deeper, culprit=replace(verdict.culprit, fingerprint="0" * 16)))
    two = replace(verdict, also=(Verdict("blocking-session", Status.CONFIRMED, 1.0, "", ()),))
    assert not deepens(two, deeper)
    assert deepens(two, replace(deeper, also=two.also))
