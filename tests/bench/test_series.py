"""Long series: a surprise is what leaves the usual range further than anything before it, or leaves the time of day."""

import random
from math import pi, sin
from statistics import median, pstdev

import pytest

from series.ordered import Ordered
from series.shift import LATEST, WARM_UP, Shift
from series.surprise import SURPRISING, Record, Surprise


def surprises(values, *, per_day=None):
    series = Surprise(per_day=per_day)
    return [row for row, value in enumerate(values) if series.step(value) >= SURPRISING]


def noise(n, *, seed=3):
    chance = random.Random(seed)
    return [100 + chance.gauss(0, 5) for _ in range(n)]


@pytest.mark.parametrize(
    ("name", "disturb"),
    [
        ("spike", lambda row, value: value + 200 if row == 900 else value),
        ("level", lambda row, value: value + 60 if row >= 900 else value),
        ("silence", lambda row, value: 100.0 if row >= 900 else value),
    ],
)
def test_sees_a_spike_a_level_and_a_silence(name, disturb):
    told = surprises([disturb(row, value) for row, value in enumerate(noise(1000))])
    late = [row for row in told if row >= 900]
    assert late, name
    assert len([row for row in told if 150 <= row < 900]) <= 2


def test_what_happened_before_is_no_surprise_the_second_time():
    values = [value + 200 * (row in (400, 900)) for row, value in enumerate(noise(1000))]
    assert 400 in surprises(values)
    assert 900 not in surprises(values)


def test_a_night_like_a_day_is_a_surprise_only_to_who_knows_the_days():
    """High at noon is usual, high at midnight is not, though the value itself is."""
    chance = random.Random(5)
    days = [100 + 50 * sin(2 * pi * row / 100) + chance.gauss(0, 2) for row in range(1000)]
    night = range(970, 980)
    swapped = [150.0 + chance.gauss(0, 2) if row in night else value for row, value in enumerate(days)]
    assert any(row in night for row in surprises(swapped, per_day=100))
    calm = [row for row in surprises(days, per_day=100) if row >= 300]
    assert len(calm) <= 3


def test_a_record_is_forgotten_with_its_time():
    record = Record(30)
    values = [record.step(value) for value in [*[4.0] * 25, 40.0, *[4.0] * 30, 5.0]]
    assert values[25] == 10
    assert values[-1] == pytest.approx(1.25)


def test_ordered_values_agree_with_the_textbook():
    chance, ordered, values = random.Random(1), Ordered(50), []
    for _ in range(200):
        values.append(round(chance.gauss(0, 10), 1))
        ordered.add(values[-1])
        assert ordered.median == pytest.approx(median(values[-50:]))
        assert ordered.deviation == pytest.approx(pstdev(values[-50:]), abs=1e-6)
    assert len(ordered) == 50


def test_many_series_that_move_a_little_are_a_shift_and_noise_is_not():
    chance = random.Random(2)

    def moved(by):
        shift = Shift()
        rows = range(WARM_UP + 2 * LATEST + 30)
        return [
            shift.step({f"s{n}": chance.gauss(by if row >= WARM_UP + LATEST + 30 else 0, 1) for n in range(12)})
            for row in rows
        ]

    assert max(moved(1.5)) > 4
    assert max(moved(0)) < 3
