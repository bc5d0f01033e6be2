"""Guards: made from an incident, red on the failure, green on the fix, and worth nothing otherwise."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from failonce import jsontext
from failonce.app import guards
from failonce.app.review.options import ReviewOptions
from failonce.lab.twin import file
from failonce.lab.twin.pull import pull_masked
from failonce.model.action import ActionItem, ActionKind, ActionState
from failonce.model.diagnosis import Culprit, Diagnosis
from failonce.model.errors import NotFound, UsageError
from failonce.model.incident import Incident
from failonce.model.remedy import Remedy
from failonce.model.viewer import Stamp, Viewer
from failonce.store.book import Book
from guard_shop import fresh_shop

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
BY_RECIPE = "select * from reviews where recipe_id = ? order by created_at desc limit ?"
INDEX = "CREATE INDEX CONCURRENTLY reviews_recipe_id ON public.reviews USING btree (recipe_id, created_at DESC)"
CULPRIT = Culprit(BY_RECIPE, "f1e2d3c4b5a69788", ("reviews",), None, ())
DIAGNOSIS = Diagnosis(
    chain=(), cause="missing-index", confidence=1.0, abstained=False, culprit=CULPRIT, ruled_out=(), open_leads=(),
    gaps=(), onset_at=AT, detected_at=AT, diagnosed_at=AT,
)  # fmt: skip
INCIDENT = Incident(
    id="shop-1", target="shop", title="A missing index on reviews took shop down", signals=(), diagnosis=DIAGNOSIS,
    remedy=Remedy("create-index", "Build it.", INDEX, None), impact=None, timeline=(),
    mitigated_at=None, recovered_at=None,
)  # fmt: skip
TASK = ActionItem("shop-1-A1", "shop-1", f"Plan statement `{CULPRIT.fingerprint}` in CI and fail.", ActionKind.PREVENT)


@pytest.fixture(scope="session")
def blueprints(postgres):
    """Of the shop in its outage, and of the healthy shop."""
    with fresh_shop(postgres, "failing_shop") as dsn:
        healthy = pull_masked(dsn)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("drop index reviews_recipe_id")
        yield pull_masked(dsn), healthy


@pytest.fixture
def incident(tmp_path, blueprints):
    """The folder of an incident, as a watch writes it."""
    folder = tmp_path / "shop-1"
    folder.mkdir()
    jsontext.write(folder / "incident.json", INCIDENT)
    file.save(folder / "failure.twin", blueprints[0])
    with Book.open(str(folder / "failonce.db")) as book:
        book.incidents.save(INCIDENT, Stamp(Viewer.machine(), AT))
        book.actions.save([TASK], Stamp(Viewer.machine(), AT))
    return folder


@pytest.fixture
def made(incident, tmp_path):
    return guards.add(incident, tmp_path / "guards")


def prove(guard, store=None):
    return guards.prove(guard, ReviewOptions(), store=store)


def told(outcome):
    return [finding.message for report in outcome.reports for finding in report.findings]


def test_a_guard_is_plain_files_named_for_what_it_guards_against(made):
    assert made.name == "missing-index-reviews"
    assert {path.name for path in made.folder.iterdir()} == {"guard.toml", "statement.sql", "fix.sql", "failure.twin"}
    assert made.about.action == "shop-1-A1"
    assert guards.guards(made.folder.parent) == (made,)


def test_red_then_green_then_the_action_item_is_verified(made, incident):
    store = str(incident / "failonce.db")
    proven = prove(made, store)
    assert proven.refusal is None
    assert "300,000 rows" in proven.red
    assert proven.told == "action item shop-1-A1 is verified"
    with Book.open(store) as book:
        item = book.actions.item(Viewer.machine(), "shop-1", "shop-1-A1")
    assert (item.state, item.guard, item.proofs[0].red) == (ActionState.VERIFIED, made.name, proven.red)


def test_a_guard_that_was_never_red_is_refused(made, blueprints):
    file.save(made.folder / "failure.twin", blueprints[1])
    (made.folder / "proof.json").write_text("{}")
    assert "never red guards nothing" in prove(made).refusal
    assert not (made.folder / "proof.json").exists()


@pytest.mark.parametrize(
    ("fix", "refusal"),
    [
        ("", "no fix to be green on"),
        ("create index on reviews (rating);", "still red on the fix"),
        ("select * from reviews where cook_id = $1;", "still red on the fix"),
    ],
)
def test_a_fix_that_is_none_is_refused(made, fix, refusal):
    (made.folder / "fix.sql").write_text(fix)
    assert refusal in prove(made).refusal


def test_a_statement_rewritten_is_a_fix_too(made):
    (made.folder / "fix.sql").write_text("select * from reviews where id = $1;")
    assert prove(made).refusal is None


def test_ci_is_green_while_the_fix_holds_and_red_when_it_is_gone(made, tmp_path, blueprints):
    prove(made)
    for blueprint, errors in zip(blueprints, (1, 0), strict=True):
        file.save(tmp_path / "today.twin", blueprint)
        outcome = guards.check([made], ReviewOptions(twin=tmp_path / "today.twin"))
        assert outcome.errors == errors
    assert guards.check([made], ReviewOptions()).errors == 0


def test_a_guard_unproven_or_changed_fails_ci(made):
    assert told(guards.check([made], ReviewOptions())) == ["The guard was never proven."]
    prove(made)
    for name in ("statement.sql", "fix.sql", "guard.toml"):
        path = made.folder / name
        before = path.read_text()
        path.write_text(f"{before}\n")
        assert "was changed since it was proven" in told(guards.check([made], ReviewOptions()))[0]
        path.write_text(before)
    (made.folder / "proof.json").write_text('{"proof": 1}')
    assert told(guards.check([made], ReviewOptions())) == ["The guard was never proven."]


def test_a_guard_that_cannot_be_run_is_no_green(made, tmp_path):
    prove(made)
    damaged = tmp_path / "today.twin"
    damaged.write_bytes((made.folder / "failure.twin").read_bytes()[:-40])
    (report,) = guards.check([made], ReviewOptions(twin=damaged)).reports
    assert "cannot be run" in report.gap.reason


def test_what_is_no_incident_or_guard_is_told(tmp_path, incident, made):
    with pytest.raises(UsageError, match="already"):
        guards.add(incident, made.folder.parent)
    with pytest.raises(NotFound, match="no guard nobody"):
        guards.guards(made.folder.parent, ["nobody"])
    with pytest.raises(NotFound, match="no incident"):
        guards.add(tmp_path, tmp_path / "guards")
    (made.folder / "guard.toml").write_text('kind = "query-review"')
    with pytest.raises(UsageError, match="is no guard"):
        guards.guards(made.folder.parent)
    (incident / "failure.twin").unlink()
    with pytest.raises(NotFound, match="no failure"):
        guards.add(incident, tmp_path / "guards", name="other")


def test_an_incident_without_a_statement_makes_no_guard(incident, tmp_path):
    nobody = replace(INCIDENT, diagnosis=replace(DIAGNOSIS, culprit=None))
    jsontext.write(incident / "incident.json", nobody)
    with pytest.raises(UsageError, match="No statement was to blame"):
        guards.add(incident, tmp_path / "guards")


def test_the_command_line_says_red_green_and_exits(made, monkeypatch):
    from click.testing import CliRunner

    from failonce.cli import failonce

    monkeypatch.chdir(made.folder.parent.parent)
    shown = CliRunner().invoke(failonce, ["guard", "prove"])
    assert shown.exit_code == 0
    assert [line.split()[:3] for line in shown.output.splitlines()[1:3]] == [
        ["recorded", "failure", "red"],
        ["fix", "green", "No"],
    ]
    assert CliRunner().invoke(failonce, ["guard", "check"]).exit_code == 0
    (made.folder / "proof.json").unlink()
    checked = CliRunner().invoke(failonce, ["guard", "check", "--format", "json"])
    assert checked.exit_code == 1
    assert json.loads(checked.output)["reports"][0]["findings"][0]["rule"] == "guard-unproven"
