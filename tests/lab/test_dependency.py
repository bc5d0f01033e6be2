"""The nutrition service: somebody else's, as slow as it is told to be."""

import time
import urllib.request

import pytest

from failonce.lab.dependency import Dependency


@pytest.fixture
def dependency(tmp_path):
    dependency = Dependency(log_file=tmp_path / "dependency.log")
    yield dependency
    dependency.close()


def seconds_to_answer(dependency):
    started_at = time.perf_counter()
    with urllib.request.urlopen(f"{dependency.url}/recipes/1", timeout=5) as answer:
        assert b"kcal" in answer.read()
    return time.perf_counter() - started_at


def test_it_answers_as_slowly_as_it_is_told(dependency):
    seconds_to_answer(dependency)
    dependency.delay_s = 0.3
    give_up_at = time.monotonic() + 5
    while seconds_to_answer(dependency) < 0.3:
        assert time.monotonic() < give_up_at
    dependency.delay_s = 0
    while seconds_to_answer(dependency) >= 0.3:
        assert time.monotonic() < give_up_at
