"""Rule-like files: one ID, one function, and a docstring in four parts that is their documentation page."""

import re
from pathlib import Path

import pytest

from failonce import plugins

SOURCE = Path(plugins.__file__).parent
FOLDERS = {
    "failonce.detect": "measure",
    "failonce.diagnose.triggers": "examine",
    "failonce.diagnose.causes": "examine",
    "failonce.remedy": "propose",
    "failonce.remedy.advice.kinds": "propose",
    "failonce.postmortem.rules": "check",
    "failonce.lab.drills": "strike",
    "failonce.guard.query_rules": "check",
    "failonce.guard.rewrites": "propose",
    "failonce.guard.suite_rules": "check",
    "failonce.guard.migration_rules": "check",
    "failonce.guard.health_rules": "check",
}
RULES = [
    pytest.param(module, function, id=f"{folder.removeprefix('failonce.')}.{name}")
    for folder, function in FOLDERS.items()
    for name, module in plugins.load(folder).items()
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folder_holds_rules(folder):
    assert plugins.load(folder)


@pytest.mark.parametrize(("module", "function"), RULES)
def test_its_docstring_has_the_four_parts_in_order(module, function):
    places = [module.__doc__.find(f"\n{part}\n") for part in plugins.PARTS]
    assert -1 not in places, dict(zip(plugins.PARTS, places, strict=True))
    assert places == sorted(places)


@pytest.mark.parametrize(("module", "function"), RULES)
def test_it_has_one_name_and_one_function(module, function):
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", module.ID)
    assert Path(module.__file__).stem == module.ID.replace("-", "_")
    assert callable(getattr(module, function))


@pytest.mark.parametrize(("module", "function"), RULES)
def test_it_reads_in_one_sitting(module, function):
    assert len(Path(module.__file__).read_text().splitlines()) <= 150
