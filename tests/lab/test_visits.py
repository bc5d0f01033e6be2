"""Who visits the sample applications, and when."""

import random
import threading
import time
from collections import Counter

import pytest

from failonce.lab.load import Arrivals
from failonce.lab.rhythm import DAY_S, HIGHEST, RHYTHMS
from failonce.lab.samples import NAMES, sample
from failonce.model.errors import NotFound


@pytest.mark.parametrize("name", NAMES)
def test_every_request_has_a_page_and_every_page_is_asked_for(name):
    application, chance = sample(name), random.Random(1)
    asked = set()
    for _ in range(2000):
        method, target = application.choose(chance)
        path = target.partition("?")[0]
        found = [page.route for page in application.pages if page.method == method and page.path.fullmatch(path)]
        assert len(found) == 1, (method, target)
        asked.add((method, found[0]))
    assert asked == {(page.method, page.route) for page in application.pages}


def test_at_spiceshare_reading_is_common_and_some_recipes_are_famous():
    asked = [sample("spiceshare").choose(chance) for chance in [random.Random(1)] for _ in range(5000)]
    methods = Counter(method for method, _ in asked)
    assert methods["GET"] > 0.8 * len(asked)
    assert methods["PUT"] > methods["POST"] > 100
    recipes = [
        int(target.split("/")[2]) for _, target in asked if target.startswith("/recipes/") and target.count("/") == 2
    ]
    assert sum(recipe <= 2000 for recipe in recipes) > len(recipes) / 6
    assert max(recipes) > 150_000


def test_at_the_shop_every_sixth_writes():
    chance = random.Random(1)
    methods = Counter(sample("shop").choose(chance)[0] for _ in range(5000))
    assert methods["POST"] > 0.16 * methods.total()


@pytest.mark.parametrize("name", RHYTHMS)
def test_a_rhythm_keeps_the_mean_and_its_highest(name):
    factors = [RHYTHMS[name](second / 10) for second in range(int(DAY_S * 10 * 9))]
    assert sum(factors) / len(factors) == pytest.approx(1, abs=0.03)
    assert 0 < min(factors) <= max(factors) <= HIGHEST


def test_bursts_come_in_bursts():
    """Two seconds of the burst against one second after it."""
    came = []
    arrivals = Arrivals(400, random.Random(1), came.append, rhythm="bursty")
    thread = threading.Thread(target=arrivals.run, args=(time.monotonic() + 3,))
    began = time.monotonic()
    thread.start()
    thread.join()
    burst = sum(at - began < 2 for at in came) / 2
    calm = sum(at - began >= 2 for at in came)
    assert burst > 2 * calm


def test_an_unknown_application_is_told_with_those_there_are():
    with pytest.raises(NotFound, match="bakery") as refused:
        sample("bakery")
    assert "shop" in refused.value.hint
