"""Against documents nobody here wrote, where they are at hand: seeds exactly, labelled ones no worse than before."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from failonce.postmortem.read import read

SHARED = Path(__file__).parents[4] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared documents are not beside this checkout")

COUNTED = ("timeline_entries", "misleading_paths", "action_items")
#: Prose, which a reader may put in other words.
IN_OTHER_WORDS = ("user_experience", "root_cause_summary", "services", "escalated_to")
FACTS, REQUIREMENTS = 0.98, 0.982


@pytest.mark.parametrize("number", range(5))
def test_every_fact_and_requirement_of_a_seed(number):
    (seed,) = (SHARED / "seeds").glob(f"{number:03}_*")
    gold = json.loads((SHARED / f"data/postmortems/gold/seed-{number:03}.json").read_text(encoding="utf-8"))
    said = read(seed.read_text(encoding="utf-8")).plain()
    said |= {name: len(said[name]) for name in COUNTED}
    names = [name for name in said if name in gold and name not in IN_OTHER_WORDS]
    assert {name: said[name] for name in names} == {name: gold[name] for name in names}
    assert [bool(said[name]) for name in IN_OTHER_WORDS] == [bool(gold[name]) for name in IN_OTHER_WORDS]


def test_the_labelled_documents_are_read_as_well_as_before():
    data = SHARED / "data" / "postmortems"
    scorer = [
        sys.executable,
        SHARED / "tools" / "score_postmortems.py",
        "--gold",
        data / "gold",
        "--docs",
        data / "docs",
    ]
    reader = [sys.executable, "-c", "from failonce.cli import main; main()", "read", "--json"]
    told = subprocess.run([*scorer, "--", *reader], capture_output=True, text=True, check=True).stdout
    last = told.splitlines()[-1].split()
    assert float(last[last.index("facts") + 1]) >= FACTS - 0.01
    assert float(last[-1]) >= REQUIREMENTS - 0.01
