"""Lint profiles in failonce.toml: what they extend, and how a mistake in them is refused."""

import re
from pathlib import Path

import pytest

from failonce.app.profiles import load
from failonce.app.settings import load as load_settings
from failonce.model.errors import NotFound, UsageError

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "lint.md"
HOUSE = """
[targets.shop]
dsn = "postgresql://failonce:${SHOP_PASSWORD}@db/shop"

[lint]
profile = "house"

[lint.profiles.house]
extends = "sre-book"

[lint.profiles.house.rules]
length = "warning"

[lint.profiles.strict]
extends = "house"

[lint.profiles.strict.rules]
length = "error"
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "failonce.toml"
        path.write_text(text)
        return path

    return write


def test_without_a_file_the_whole_specification_holds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(env={"HOME": str(tmp_path)}).name == "seed"


def test_the_files_profile_holds_and_needs_no_password(write):
    house = load(None, write(HOUSE), {})
    assert (house.name, house.severity("length"), house.severity("escalation")) == ("house", "warning", "off")


def test_a_profile_extends_one_of_the_file(write):
    strict = load("strict", write(HOUSE), {})
    assert (strict.severity("length"), strict.severity("escalation")) == ("error", "off")


def test_a_built_in_profile_can_be_changed_under_its_name(write):
    path = write('[lint.profiles.seed.rules]\nlength = "off"')
    assert load(None, path, {}).severity("length") == "off"


def test_the_rest_of_the_settings_lives_beside_it(write):
    assert load_settings(write(HOUSE), {"SHOP_PASSWORD": "x"}).target().name == "shop"


def test_the_how_tos_example_is_understood(write):
    (table,) = re.findall(r"^```toml\n(.*?)^```$", HOW_TO.read_text(), re.MULTILINE | re.DOTALL)
    house = load(None, write(table), {})
    assert (house.name, house.severity("action-date"), house.severity("escalation")) == ("house", "error", "off")


@pytest.mark.parametrize(
    ("text", "error", "message", "hint"),
    [
        ('[lint]\nprofile = "hosue"', NotFound, "no lint profile hosue", "seed, sre-book, atlassian"),
        ('[lint]\nprofil = "seed"', UsageError, "unknown field `profil`", "docs/how-to/lint.md"),
        ('[lint.profiles.a.rules]\nlength = "fatal"', UsageError, "Invalid enum value 'fatal'", "docs/how-to/lint.md"),
        (
            '[lint]\nprofile = "a"\n[lint.profiles.a.rules]\nlenght = "off"',
            UsageError,
            "unknown rule lenght",
            "mean length?",
        ),
        (
            '[lint]\nprofile = "a"\n[lint.profiles.a]\nextends = "b"\n[lint.profiles.b]\nextends = "a"',
            UsageError,
            "a → b → a",
            "extend seed",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_next_step(write, text, error, message, hint):
    with pytest.raises(error) as refused:
        load(None, write(text), {})
    assert message in str(refused.value)
    assert hint in refused.value.hint
