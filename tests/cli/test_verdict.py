"""A verdict on a terminal: who did it, where a statement did it and where none did."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from failonce.cli.verdict import verdict
from failonce.model.diagnosis import Culprit
from fix_incident import WITHOUT, missing_index_incident


@pytest.mark.parametrize(
    ("culprit", "said"),
    [
        (Culprit("select 1", "f" * 16, ("reviews",), "v41", (7,)), "fingerprint ffffffffffffffff · reads reviews"),
        (Culprit(None, None, ("reviews_id_seq", "reviews"), None, ()), "reviews_id_seq, reviews, no statement"),
        (Culprit(None, None, ("recipes",), None, (4711, 4712)), "session 4711, 4712 on recipes, no statement"),
        (Culprit(None, None, (), None, ()), "no statement"),
    ],
)
def test_the_culprit_is_a_statement_a_session_or_an_object(culprit, said):
    page = io.StringIO()
    Console(file=page, width=200).print(verdict(replace(missing_index_incident().diagnosis, culprit=culprit)))
    assert said in page.getvalue()
    assert ("fingerprint None" in page.getvalue()) is False


def test_the_load_without_the_culprit_is_beneath_it():
    page = io.StringIO()
    Console(file=page, width=200).print(verdict(missing_index_incident().diagnosis))
    assert page.getvalue().index("culprit") < page.getvalue().index(WITHOUT) < page.getvalue().index("ruled out")
