"""SpiceShare: its routes, its tags, its metrics, and what its visitors get."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from failonce.lab.spiceshare import SAMPLE
from failonce.lab.spiceshare.pages import PAGES
from failonce.lab.spiceshare.releases import RELEASES
from failonce.lab.webapp.metrics import BUCKETS_S, Metrics
from failonce.lab.webapp.site import tag
from failonce.model.errors import NotFound


def samples(text):
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


def get(world, target, method="GET"):
    request = urllib.request.Request(f"{world.application.url}{target}", method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def scrape(world):
    with urllib.request.urlopen(world.metrics_url, timeout=10) as answer:
        return samples(answer.read().decode())


def statuses(world):
    return {dict(labels).get("status") for _, labels in scrape(world)}


def await_true(condition, within_s=20):
    give_up_at = time.monotonic() + within_s
    while not (result := condition()):
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    return result


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/recipes/17", "/recipes/:id"),
        ("GET", "/recipes", "/recipes"),
        ("PUT", "/recipes/17/favourite", "/recipes/:id/favourite"),
        ("GET", "/cooks/1/recipes", "/cooks/:id/recipes"),
        ("GET", "/recipes/x", None),
        ("GET", "/recipes/17/", None),
        ("POST", "/recipes/17", None),
    ],
)
def test_a_path_has_one_page(method, path, route):
    assert [page.route for page in PAGES if page.method == method and page.path.fullmatch(path)] == [route] * bool(
        route
    )


def tags(comment):
    return {key: urllib.parse.unquote(value) for key, value in re.findall(r"(\w+)='([^']*)'", comment)}


def test_a_statement_says_where_it_comes_from():
    comment = tag("spiceshare", "/recipes/:id", "v41")
    assert comment == "/*application='spiceshare',route='%%2Frecipes%%2F:id',release='v41'*/"
    assert tags(comment.replace("%%", "%"))["route"] == "/recipes/:id"


def test_a_release_is_known_by_its_name_and_says_what_it_changes():
    assert list(RELEASES)[:4] == ["v41", "v42", "v43", "v44"]
    assert all(release.name == name and release.changes for name, release in RELEASES.items())


def test_metrics_are_read_by_the_prometheus_parser():
    metrics = Metrics("v41", lambda: {"pool_size": 10, "pool_available": 3, "requests_waiting": 2})
    metrics.requests.labels("/feed", "200").observe(0.004)
    found = samples(metrics.text().decode())
    assert found["app_info", (("version", "v41"),)] == 1
    assert [found[f"db_pool_{what}", ()] for what in ("size", "in_use", "waiting")] == [10, 7, 2]
    bounds = [dict(labels)["le"] for name, labels in found if name == "http_request_duration_seconds_bucket"]
    assert [float(bound) for bound in bounds] == [*BUCKETS_S, float("inf")]
    assert found["http_request_duration_seconds_count", (("route", "/feed"), ("status", "200"))] == 1


@pytest.mark.acceptance
def test_every_page_is_served(world):
    recipe = get(world, "/recipes/1")
    assert len(recipe["reviews"]) == 20
    assert recipe["nutrition"]["kcal"] > 0
    assert len(recipe["similar"]) == 5
    found = get(world, "/recipes?cuisine=thai&days=3")
    assert len(found["recipes"]) == 20
    assert [row["difficulty"] for row in found["difficulties"]]
    assert get(world, "/cooks/1/recipes")["recipes"]
    assert get(world, "/feed?cook=17")
    assert get(world, "/recipes/1/favourite?cook=17", "PUT")
    posted = get(world, "/recipes/1/reviews?cook=17&rating=5", "POST")[0]["id"]
    assert posted in [review["id"] for review in get(world, "/recipes/1")["reviews"]]


@pytest.mark.acceptance
@pytest.mark.parametrize("target", ["/recipes/999999999", "/nothing"])
def test_what_does_not_exist_is_404(world, target):
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        get(world, target)
    refused.value.close()


@pytest.mark.acceptance
def test_scrapes_are_answered_while_the_pool_is_exhausted(world):
    """Somebody locks recipes for longer than the pool lets requests wait."""
    with psycopg.connect(world.operator_dsn) as blocker:
        blocker.execute("lock table recipes")
        await_true(lambda: scrape(world)["db_pool_waiting", ()] > 0)
        now = scrape(world)
        assert now["db_pool_in_use", ()] == now["db_pool_size", ()] == SAMPLE.pool_size
        assert now["http_requests_in_flight", ()] > SAMPLE.pool_size
        await_true(lambda: statuses(world) & {"504"})
    await_true(lambda: scrape(world)["db_pool_waiting", ()] == 0)


@pytest.mark.acceptance
def test_a_cancelled_statement_is_503(world):
    with psycopg.connect(world.operator_dsn) as blocker:
        blocker.execute("lock table recipes")

        def cancelled():
            world.execute("select pg_cancel_backend(pid) from pg_stat_activity where usename = 'spiceshare'")
            return statuses(world) & {"503"}

        await_true(cancelled)
    await_true(lambda: scrape(world)["db_pool_waiting", ()] == 0)


@pytest.mark.acceptance
def test_a_deployment_loses_no_request(world):
    world.set_rate(4 * world.rate)
    world.load_summary()
    world.deploy("v43")
    assert get(world, "/cooks/1/recipes")["follows"]
    assert scrape(world)["app_info", (("version", "v43"),)] == 1
    world.deploy("v41")
    assert get(world, "/cooks/1/recipes")["follows"] is None
    world.set_rate(world.rate)
    met = world.load_summary()
    assert met.n > 50
    assert met.errors == 0


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("release", "figure"),
    [
        ("v47", "select coalesce(max(seen_at), 'epoch') from cooks"),
        ("v48", "select value from tallies where name = 'activity'"),
        ("v49", "select value from tallies where name = 'activity'"),
        ("v50", "select min(value) from tallies"),
        ("v51", "select sum(thanks) from reviews where featured_in = 1"),
    ],
)
def test_a_release_keeps_its_figures(world, release, figure):
    """Without visitors: some of these releases are made to fail under them."""
    world.set_rate(0)
    world.deploy(release)
    with psycopg.connect(world.operator_dsn, autocommit=True) as operator:
        before = operator.execute(figure).fetchone()[0]
        get(world, "/recipes/1/favourite?cook=17", "PUT")
        get(world, "/recipes/1/reviews?cook=17&rating=5", "POST")
        assert operator.execute(figure).fetchone()[0] > before
    world.deploy("v41")
    world.set_rate(world.rate)


@pytest.mark.acceptance
def test_an_unknown_release_is_not_deployed(world):
    with pytest.raises(NotFound, match="v99"):
        world.deploy("v99")
    assert world.release == "v41"


@pytest.mark.acceptance
def test_its_statements_carry_route_and_release(world):
    def tags_seen():
        with psycopg.connect(world.watch_dsn) as watcher:
            rows = watcher.execute("select query from pg_stat_activity where usename = 'spiceshare'").fetchall()
        return [tags(text) for (text,) in rows if text.startswith("/*")]

    seen = await_true(tags_seen)
    assert {tags["release"] for tags in seen} == {"v41"}
    assert {tags["route"] for tags in seen} <= {page.route for page in PAGES}
