"""The fuzzer's corpus, replayed: each input once broke something, or reaches code that few do."""

from pathlib import Path

import pytest

from fuzz.documents import examine

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_an_input_breaks_nothing(path):
    examine(path.read_bytes())


def test_the_corpus_is_small():
    assert 10 <= len(CORPUS) <= 60
    assert sum(path.stat().st_size for path in CORPUS) < 60_000
