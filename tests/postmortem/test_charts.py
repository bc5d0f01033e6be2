"""Charts as SVG: honest axes, gaps that stay gaps, spikes that stay, labels that touch nothing."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failonce.model.diagnosis import Culprit
from failonce.model.snapshot import Query, Snapshot
from failonce.postmortem.charts import layers, series
from failonce.postmortem.charts.canvas import CHARACTER, canvases, place
from failonce.postmortem.charts.line import Chart, Line, line_chart
from failonce.postmortem.charts.moments import Moment, moments, phases
from failonce.postmortem.charts.scale import TimeScale, value_scale
from failonce.postmortem.charts.series import Reading
from failonce.postmortem.charts.stack import stack_chart
from failonce.postmortem.charts.svg import element
from failonce.postmortem.charts.timeline import timeline_bar
from failonce.postmortem.format import compact, number
from fix_incident import CULPRIT, RECIPE, REVIEWS, abstained_incident, missing_index_incident, session, snapshots

T0 = datetime(2026, 9, 14, 14, 0, tzinfo=UTC)


def at(second: float) -> datetime:
    return T0 + timedelta(seconds=second)


def readings(*values: float | None, interval_s: float = 1.0) -> series.Series:
    return tuple(Reading(at(n * interval_s), at((n + 1) * interval_s), value) for n, value in enumerate(values))


def chart(**changes: object) -> Chart:
    return replace(Chart("c", "Title", "Said in words.", 100, number, compact), **changes)


def wide(span_s: float = 60):
    onset = Moment("onset", "Onset", at(10))
    return canvases((at(0), at(span_s)), (onset,), at(30))[0]


def test_a_linear_axis_starts_at_zero_and_holds_every_value():
    scale = value_scale([70, 97], top=0, bottom=100)
    assert (scale.ticks[0], scale.log) == (0, False)
    assert scale.ticks[-1] >= 97
    assert 3 <= len(scale.ticks) <= 5


@pytest.mark.parametrize(
    ("values", "log"), [([1, 50], False), ([1, 51], True), ([0, 0, 51], False), ([0, 1, 51], True)]
)
def test_an_axis_is_logarithmic_only_for_a_range_beyond_fifty(values, log):
    assert value_scale(values, top=0, bottom=100, may_be_log=True).log is log


@pytest.mark.parametrize("values", [[], [0.0], [math.inf], [3.0]])
def test_an_axis_stands_on_little_data(values):
    scale = value_scale(values, top=0, bottom=100)
    assert scale.y(0) == 100
    assert scale.high > 0


@given(st.lists(st.floats(0, 1e9), min_size=1), st.booleans())
def test_every_value_lies_on_the_axis(values, may_be_log):
    scale = value_scale(values, top=10, bottom=110, may_be_log=may_be_log)
    assert all(10 <= scale.y(v) <= 110 for v in values)
    assert len(scale.ticks) <= 8


@pytest.mark.parametrize("seconds", [7, 60, 900, 10_800, 200_000])
def test_times_on_the_axis_are_few_and_inside(seconds):
    scale = TimeScale(at(0), at(seconds), 0, 100)
    ticks = scale.ticks(7)
    assert 1 <= len(ticks) <= 8
    assert all(scale.holds(tick) for tick in ticks)


def test_a_missing_reading_and_a_reading_without_value_are_gaps():
    broken = (*readings(1, 2, None, 4), Reading(at(9), at(10), 5.0))
    values = [[r.value for r in stretch] for stretch in series.segments(broken)]
    assert values == [[1, 2], [4], [5]]


def test_a_gap_is_a_break_in_the_line():
    svg = line_chart(wide(), chart(), [Line("x", "headline", readings(1, 2, None, 4, 5))])
    path = next(e for e in ElementTree.fromstring(svg).iter("path"))
    assert path.get("d").count("M") == 2


def test_a_long_reading_is_drawn_as_a_step():
    svg = line_chart(wide(), chart(), [Line("x", "culprit", readings(10, 20, interval_s=10))])
    path = next(e for e in ElementTree.fromstring(svg).iter("path"))
    corners = [point.split() for point in path.get("d")[1:].split("L")]
    assert corners[0][1] == corners[1][1] != corners[2][1] == corners[3][1]
    assert corners[1][0] == corners[2][0]


def test_thinning_keeps_the_one_spike_among_three_hours():
    values = [1.0] * 10_800
    values[5001] = 99.0
    thinned = series.segments(readings(*values))
    assert sum(map(len, thinned)) <= series.MOST_POINTS
    assert max(r.value for stretch in thinned for r in stretch) == 99.0


@pytest.mark.parametrize("gap_s", [2, 5, 12, 27, 58])
def test_labels_never_overlap(gap_s):
    marks = tuple(Moment(str(n), "Diagnosed", at(n * gap_s)) for n in range(5))
    for canvas in canvases((at(0), at(240)), marks, at(200)):
        placed = place(canvas, ["Diagnosed +12 s"] * 5)
        assert len(placed) == 5
        width = len("Diagnosed +12 s") * CHARACTER
        for row in {label.row for label in placed}:
            lefts = sorted(label.x - width * label.flipped for label in placed if label.row == row)
            assert all(b - a > width for a, b in pairwise(lefts))


def test_sessions_are_counted_for_the_culprit_first_and_workers_not_at_all():
    busy = [session(n, REVIEWS, 1) for n in range(3)] + [session(9, RECIPE, 1)]
    worker = replace(busy[0], pid=30, kind="parallel worker")
    waiting = replace(busy[3], pid=31, wait_type="Lock")
    idle = replace(busy[3], pid=32, state="idle in transaction")
    seen = Snapshot(at=at(1), sessions=(*busy, worker, waiting, idle), queries=(Query(CULPRIT, REVIEWS),))
    counted = layers.sessions_by_statement([seen], Culprit(REVIEWS, CULPRIT, ("reviews",), "v41", ()))
    assert [layer.key for layer in counted.layers] == ["culprit", busy[3].fingerprint, "locked", "idle"]
    assert counted.layers[0].name == "select reviews"
    assert counted.rows[0].counts == (3, 1, 1, 1)


def test_statements_beyond_three_share_a_layer():
    texts = [f"select {n} from t{n}" for n in "abcdef"]
    seen = Snapshot(at=at(1), sessions=tuple(session(n, text, 1) for n, text in enumerate(texts)))
    counted = layers.sessions_by_statement([seen], None)
    assert counted.layers[-1].key == "other"
    assert counted.rows[0].counts == (1, 1, 1, 3)


def test_seconds_nobody_looked_are_no_area():
    seen = snapshots()
    counted = layers.sessions_by_statement([*seen[:30], *seen[45:]], None)
    assert [len(run) for run in layers.unbroken(counted.rows)] == [30, 25]


def test_the_stack_is_as_high_as_its_sessions():
    counted = layers.sessions_by_statement(snapshots(), missing_index_incident().diagnosis.culprit)
    tree = ElementTree.fromstring(stack_chart(wide(), chart(), counted))
    titles = [e.text for e in tree.iter("title")]
    assert "select reviews, at most 12" in titles


def test_the_culprits_name_is_escaped_wherever_it_goes():
    named = layers.Layers((layers.Layer("culprit", "<script>&"),), (layers.Row(at(1), (2,)), layers.Row(at(2), (1,))))
    svg = stack_chart(wide(), chart(title='"<b>'), named)
    assert "<script" not in svg
    assert "<b>" not in svg
    assert ElementTree.fromstring(svg).find("path/title").text == "<script>&, at most 2"
    assert element("a", href='"x') == '<a href="&#34;x"/>'


def test_every_chart_says_what_it_shows():
    tree = ElementTree.fromstring(line_chart(wide(), chart(), [Line("x", "headline", readings(1, 9))], last=True))
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby").split() == [e.get("id") for e in (tree.find("title"), tree.find("desc"))]
    assert tree.find("desc").text == "Said in words."


def test_a_series_of_nothing_is_an_empty_chart():
    tree = ElementTree.fromstring(line_chart(wide(), chart(), [Line("x", "headline", ())]))
    assert tree.find("path").get("d") == ""


def test_phases_follow_the_moments_and_add_up():
    incident = missing_index_incident()
    told = phases(incident, snapshots()[-1].at)
    assert [(p.name, p.seconds) for p in told] == [
        ("unnoticed", 2),
        ("diagnosing", 2),
        ("fixing", 12),
        ("recovering", 5),
    ]


def test_an_outage_that_goes_on_has_an_open_end():
    incident = abstained_incident()
    told = phases(incident, snapshots()[-1].at)
    assert (told[-1].name, told[-1].open) == ("not diagnosed", True)
    assert [m.id for m in moments(incident)] == ["onset", "detected"]


@pytest.mark.parametrize("width", [872, 380])
def test_the_bar_is_in_proportion_and_its_labels_stay_inside(width):
    told = phases(missing_index_incident(), snapshots()[-1].at)
    tree = ElementTree.fromstring(timeline_bar(told, width=width, name="x"))
    widths = [float(e.get("width")) for e in tree.iter("rect")]
    assert widths == pytest.approx([(width - 2) * p.seconds / 21 for p in told], abs=0.1)
    labels = [e for e in tree.iter("text") if e.get("class") == "mark"]
    assert all(float(e.get("x")) + len(e.text) * CHARACTER <= width for e in labels)
