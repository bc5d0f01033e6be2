"""A person plays on-call: evidence without a verdict, a score against the engine and the precedent."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from failonce.app.training import Training
from failonce.cli import failonce
from failonce.model.errors import NotFound

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def training():
    return Training("missing-index", EXAMPLES / "missing-index" / "recording")


def test_every_piece_of_evidence_can_be_asked_for_and_says_something(training):
    for word, what in training.evidence():
        assert what
        assert all(training.ask(word)), word


def test_the_evidence_shows_the_fault_and_does_not_name_it(training):
    said = "\n".join(line for word, _ in training.evidence() for line in training.ask(word))
    assert "index reviews_recipe_id_created_at is gone" in said
    assert "missing-index" not in said


def test_a_score_knows_the_questions_the_engine_and_the_precedent(training):
    training.ask("sessions")
    score = training.name("missing-index", seconds=95)
    assert (score.is_right, score.asked, score.seconds) == (True, ("sessions",), 95)
    assert 0 < score.engine_seconds < 15
    assert score.precedent.minutes_to_cause == 30
    assert not training.name("traffic", seconds=1).is_right


def test_what_does_not_exist_is_said_with_what_does(training):
    with pytest.raises(NotFound, match="no evidence") as caught:
        training.ask("entrails")
    assert "statements" in caught.value.hint
    with pytest.raises(NotFound, match="no cause"):
        training.name("gremlins", seconds=1)


@pytest.mark.parametrize(("verdict", "code"), [("missing-index", 0), ("network", 1)])
def test_the_dialogue_ends_with_the_score(verdict, code):
    words = f"causes\nstatements\nentrails\nname {verdict}\n"
    recording = str(EXAMPLES / "missing-index" / "recording")
    done = CliRunner().invoke(failonce, ["drill", "train", "missing-index", "--recording", recording], input=words)
    assert done.exit_code == code
    assert "The pager rings" in done.output
    assert "30 minutes" in done.output
    assert "one question" in done.output
