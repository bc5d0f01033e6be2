"""Each cause says of which kind of failure it is, in the words that the reader of documents has."""

import pytest

from failonce import plugins
from failonce.failurekinds import kinds
from failonce.model.failure import FailureKind
from failonce.postmortem.read.causes import KINDS

CAUSES = plugins.load("failonce.diagnose.causes")


@pytest.mark.parametrize("cause", CAUSES.values(), ids=CAUSES)
def test_a_cause_declares_its_kind(cause):
    assert isinstance(getattr(cause, "KIND", None), FailureKind), f"{cause.__name__} has no KIND"
    assert kinds()[cause.ID] == cause.KIND


def test_what_a_document_can_be_read_as_is_a_kind():
    assert {kind for kind, *_ in KINDS} <= set(FailureKind)


def test_a_cause_from_elsewhere_without_a_kind_is_one_of_its_own(monkeypatch):
    class Foreign:
        ID = "solar-flare"

    monkeypatch.setattr(plugins, "load", lambda package: {"solar-flare": Foreign})
    kinds.cache_clear()
    try:
        assert kinds() == {"solar-flare": "solar-flare"}
    finally:
        kinds.cache_clear()
