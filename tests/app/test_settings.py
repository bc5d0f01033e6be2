"""failonce.toml: where it is found, what it may say, and how it refuses what it does not understand."""

from pathlib import Path

import pytest

from failonce.app.settings import find, load
from failonce.model.errors import NotFound, UsageError
from failonce.model.target import Target

WHOLE = """
[targets.shop]
dsn = "postgresql://failonce:${SHOP_PASSWORD}@db/shop"
metrics_url = "http://app:8000/metrics"
local = true
operator_dsn = "host=db user=owner dbname=shop"

[targets.blog]
dsn = "host=db user=failonce dbname=blog"

[store]
url = "incidents.db"

[recording]
directory = "${WHERE}/recordings"
raw_hours = 2
"""
ENV = {"SHOP_PASSWORD": "s3cret", "WHERE": "kept", "HOME": "/home/ada"}


@pytest.fixture
def write(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "failonce.toml"
        path.write_text(text)
        return path

    return write


def test_a_whole_file_is_read(write):
    path = write(WHOLE)
    settings = load(path, ENV)
    assert settings.target("shop") == Target(
        name="shop",
        dsn="postgresql://failonce:s3cret@db/shop",
        metrics_url="http://app:8000/metrics",
        local=True,
        operator_dsn="host=db user=owner dbname=shop",
    )
    assert settings.target("blog").local is False
    assert settings.store_url == str(path.parent / "incidents.db")
    assert settings.recording_directory == path.parent / "kept" / "recordings"
    assert (settings.raw_hours, settings.path) == (2, path)


def test_settings_show_no_password(write):
    assert "s3cret" not in repr(load(write(WHOLE), {**ENV, "FAILONCE_DSN": "password=s3cret"}))


def test_without_a_file_everything_has_its_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load(env={"HOME": "/home/ada"})
    assert settings.store_url == "/home/ada/.local/state/failonce/failonce.db"
    assert settings.recording_directory == Path("/home/ada/.local/state/failonce/recordings")
    assert load(env={"XDG_STATE_HOME": "/state"}).store_url == "/state/failonce/failonce.db"


def test_a_store_elsewhere_is_left_as_written(write):
    assert load(write('[store]\nurl = "sqlite:////srv/failonce.db"'), {}).store_url == "sqlite:////srv/failonce.db"


# Where it is found


def test_the_nearest_file_above_wins_then_the_one_in_the_config_folder(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    config = tmp_path / "config"
    (config / "failonce").mkdir(parents=True)
    env = {"XDG_CONFIG_HOME": str(config)}
    assert find(deep, env) is None
    for place in (config / "failonce", tmp_path, tmp_path / "a"):
        (place / "failonce.toml").touch()
        assert find(deep, env) == place / "failonce.toml"


def test_the_working_directory_is_where_the_search_begins(write, monkeypatch):
    path = write(WHOLE)
    monkeypatch.chdir(path.parent)
    assert load(env=ENV).path == path


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NotFound, match=r"missing\.toml cannot be read: No such file"):
        load(tmp_path / "missing.toml", {})


# Which target is meant


def test_a_dsn_needs_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    env = {"FAILONCE_DSN": "host=db dbname=shop"}
    assert load(env=env).target() == Target("shop", "host=db dbname=shop")
    assert load(env=env, dsn="host=db dbname=blog").target().name == "blog"


def test_a_dsn_is_meant_unless_a_target_is_named(write):
    settings = load(write(WHOLE), {**ENV, "FAILONCE_DSN": "host=db dbname=billing"})
    assert [settings.target(name).name for name in (None, "shop", "billing")] == ["billing", "shop", "billing"]


def test_the_only_target_needs_no_name(write):
    assert load(write('[targets.shop]\ndsn = "dbname=shop"'), {}).target().name == "shop"


def test_a_target_that_is_not_clear_is_asked_for(write, tmp_path):
    settings = load(write(WHOLE), ENV)
    with pytest.raises(UsageError) as refused:
        settings.target()
    assert refused.value.hint == "Name one of: shop, blog"
    with pytest.raises(NotFound, match="no target shpo") as refused:
        settings.target("shpo")
    assert "shop, blog" in refused.value.hint
    with pytest.raises(NotFound, match="No target is configured") as refused:
        load(write(""), {}).target()
    assert "--dsn postgresql://" in refused.value.hint


# What it refuses


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[target.shop]", "unknown key target", "Did you mean targets?"),
        ("[targets.shop]\nmetric_url = 1", "unknown key targets.shop.metric_url", "mean targets.shop.metrics_url?"),
        ("[store]\nulr = 'x'", "unknown key store.ulr", "Did you mean store.url?"),
        ("[recording]\nzebra = 1", "unknown key recording.zebra", "Known here: directory, raw_hours"),
        ("[targets.shop]\ndsn = 5", "Expected `str`, got `int` - at `targets.NAME.dsn`", "connect.md"),
        ("[targets.shop]\nlocal = true", "missing required field `dsn`", "connect.md"),
        ("targets = 5", "Expected `object`, got `int`", "connect.md"),
        ("[recording]\nraw_hours = 0", "Expected `float` > 0", "connect.md"),
        ("[targets.shop]\ndsn = '${NOPE}'", "targets.shop.dsn needs the variable NOPE", "export NOPE="),
        ("[targets.shop]\ndsn = 's3cret'", "targets.shop.dsn is not a connection string", "postgresql://USER@HOST"),
        ("[targets.shop]\ndsn = ''\noperator_dsn = 's3cret'", "targets.shop.operator_dsn is not", "postgresql://"),
        ("[targets.shop]\ndsn = ''\nmetrics_url = 'app:8000'", "metrics_url is not the address", "http://"),
        ("[targets.'../shop']\ndsn = ''", "targets.../shop is not a name", "Use letters, digits"),
        ("[targets.shop\ndsn = ''", "is not TOML", "Correct that line"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_place_and_a_next_step(write, text, message, hint):
    with pytest.raises(UsageError) as refused:
        load(write(text), {})
    assert message in str(refused.value)
    assert "failonce.toml" in str(refused.value)
    assert hint in refused.value.hint
    assert "s3cret" not in str(refused.value)
