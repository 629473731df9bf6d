"""How sure a place is, what moves it, and that the same seed tells the same on any thread."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keji.lib.race import replicates, sensitivity
from keji.lib.race.choices import Averages, Choices, Gaps, Normalisation
from keji.lib.race.replicates import replicate
from keji.lib.race.scheme import Aggregation, Group, Level, Missing, Treatment
from keji.lib.race.scoring import score
from keji.lib.race.sobol import sobol, sobol_points
from keji.lib.race.tables import tables_of
from tests.lib.races import asem_data, asem_scheme, counties_data, counties_scheme, data, indicator, scheme

AS_DECLARED = Choices(
    spread=0.0, normalisations=(Normalisation.DECLARED,), averages=(Averages.DECLARED,), gaps=(Gaps.DECLARED,)
)


@pytest.fixture(scope="module")
def run():
    return score(counties_scheme(), counties_data())


def test_without_any_choice_every_replicate_is_the_run(run):
    found = replicate(run, AS_DECLARED, count=700)
    for s in run.placings:
        spread = found.units[s.unit]
        assert (spread.place, spread.median, spread.low, spread.high) == (s.place,) * 4
        assert spread.counts[s.place - 1] == 700
    assert found.shift == 0
    assert found.alike == tuple((s.unit,) for s in run.placings)


figures = st.decimals(0, 100, places=1) | st.none()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(figures, figures, figures), min_size=2, max_size=7),
    st.sampled_from([Missing.NOTHING, Missing.SHARED, Missing.MEAN, Missing.LOWEST]),
    st.sampled_from(list(Aggregation)),
)
@example([("0", None, None), (None, "0", None)], Missing.NOTHING, Aggregation.ARITHMETIC)  # z: filed by nobody
def test_the_compiled_loop_agrees_with_exact_scoring(rows, missing, aggregation):
    if aggregation is Aggregation.GEOMETRIC and missing is Missing.NOTHING:
        return
    own = {"missing": missing, "function": "EFFICACY"}  # 60 … 100: no logarithm of nought
    inner = Level(
        "in", "内", (indicator("y", weight="0.25", **own), indicator("z", weight="0.75", **own)), Fraction(1, 2)
    )
    plan = scheme(indicator("x", weight="0.5", **own), inner, aggregation=aggregation)
    run = score(plan, data({f"U{i}": row for i, row in enumerate(rows)}, "xyz"))
    if all(s.place is None for s in run.placings):
        with pytest.raises(ValueError, match="没有单位"):
            replicate(run, AS_DECLARED, count=1)
        return
    found = replicate(run, AS_DECLARED, count=1)
    assert {u: s.median for u, s in found.units.items()} == {s.unit: s.place for s in run.placings if s.place}


def test_the_same_seed_tells_the_same_and_another_nearly_so(run, monkeypatch):
    first = replicate(run, count=3000, seed=7)
    monkeypatch.setattr(replicates.os, "cpu_count", lambda: 1)
    assert replicate(run, count=3000, seed=7) == first
    other = replicate(run, count=3000, seed=8)
    assert other != first
    assert all(abs(other.units[u].at_most(1) - first.units[u].at_most(1)) < 0.05 for u in first.units)


def test_counts_add_up_and_pairs_agree_with_places(run):
    found = replicate(run, count=2000)
    for spread in found.units.values():
        assert sum(spread.counts) == 2000
        assert spread.low <= spread.median <= spread.high
        assert spread.at_most(7) == 1
    assert len(found.ahead) == 21
    assert sorted(u for block in found.alike for u in block) == sorted(found.units)
    said = found.sentence(run, "霍邱")
    assert said == "霍邱第 5 名；换用其他合理的算法和权重模拟 2,000 次，九成以上在第 5—6 名，与裕安分不出先后。"


def test_equal_units_are_equal_in_every_replicate():
    rows = {"A": ("1", "7"), "B": ("5", "3"), "C": ("5", "3"), "D": ("9", "1")}
    run = score(scheme(indicator("x", weight="0.5"), indicator("y", weight="0.5")), data(rows, "xy"))
    found = replicate(run, count=500)
    assert found.ahead[("B", "C")] == 0.5
    assert found.units["B"].counts == found.units["C"].counts


def test_a_drawn_figure_is_that_of_some_other_unit():
    rows = {"A": ("0", "0"), "B": ("10", None), "C": ("4", "10"), "D": ("4", "6")}
    parts = indicator("x", weight="0.5"), indicator("y", weight="0.5")
    run = score(scheme(*parts), data(rows, "xy"))
    choices = Choices(
        spread=0, normalisations=(Normalisation.MINMAX,), averages=(Averages.DECLARED,), gaps=(Gaps.DRAWN,)
    )
    found = replicate(run, choices, count=3000)
    # B stands at 50 + 50·y with y of A, C or D: second to C's 70 with A's figure, first with C's or D's.
    assert found.units["B"].counts == (3000 - found.units["C"].counts[0], found.units["C"].counts[0], 0, 0)
    assert found.units["B"].at_most(1) == pytest.approx(2 / 3, abs=0.03)


def test_groups_keep_to_themselves():
    rows = {c: (str(i),) for i, c in enumerate("ABCDEF")}
    groups = dict(zip("ABCDEF", "aababb", strict=True))
    run = score(scheme(indicator("x"), groups=(Group("a", "甲"), Group("b", "乙"))), data(rows, "x", groups))
    found = replicate(run, count=50)
    assert [found.units[u].median for u in "DBAFEC"] == [1, 2, 3, 1, 2, 3]
    assert set(found.ahead) == {("D", "B"), ("D", "A"), ("B", "A"), ("F", "E"), ("F", "C"), ("E", "C")}


def test_a_large_group_is_placed_by_sorting_as_a_small_one_is_by_counting():
    rng = np.random.default_rng(1)
    rows = {f"U{i:03d}": [str(v) for v in row] for i, row in enumerate(rng.integers(0, 40, (300, 2)))}
    run = score(scheme(indicator("x", weight="0.5"), indicator("y", weight="0.5")), data(rows, "xy"))
    found = replicate(run, AS_DECLARED, count=3)
    assert all(s.median == s.place for s in found.units.values())
    assert {s.place for s in run.placings} == {s.median for s in found.units.values()}
    assert max(abs(run.placing(a).place - run.placing(b).place) for a, b in found.ahead) < 60


def test_choices_that_make_no_sense_are_refused(run):
    with pytest.raises(ValueError, match="浮动幅度"):
        Choices(spread=1.0)
    with pytest.raises(ValueError, match="至少"):
        Choices(gaps=())
    with pytest.raises(ValueError, match="次数"):
        replicate(run, count=0)


def test_nobody_filed_anything():
    run = score(scheme(indicator("x")), data({"A": (None,)}, "x"))
    with pytest.raises(ValueError, match="没有单位"):
        replicate(run)


# Sensitivity --------------------------------------------------------------------------------------------------------


def test_the_ishigami_function_has_its_published_indices():
    def ishigami(u):
        x = (2 * u - 1) * np.pi
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = sobol(ishigami, ("a", "b", "c"), points=8192)
    assert list(found.first.values()) == pytest.approx([0.3139, 0.4424, 0], abs=3e-3)
    assert list(found.total.values()) == pytest.approx([0.5576, 0.4424, 0.2437], abs=3e-3)


def test_a_sum_has_no_interactions_and_a_constant_no_indices():
    found = sobol(lambda u: 3 * u[:, 0] + u[:, 1], ("a", "b"), points=4096)
    assert list(found.first.values()) == pytest.approx([0.9, 0.1], abs=2e-3)
    assert list(found.total.values()) == pytest.approx([0.9, 0.1], abs=2e-3)
    still = sobol(lambda u: np.ones(len(u)), ("a",), points=16)
    assert (still.first, still.total) == ({"a": 0.0}, {"a": 0.0})
    with pytest.raises(ValueError, match="factors"):
        sobol(lambda u: u[:, 0], "abcdefghi")


def test_the_points_fill_every_dimension_evenly():
    points = sobol_points(64, 16)
    assert points[:4, :3].tolist() == [[0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75]]
    for column in points.T:  # each 64th is met once
        assert sorted((column * 64).astype(int).tolist()) == list(range(64))


def test_what_moves_the_places_is_told_in_a_sentence(run):
    found = sensitivity.sensitivity(run, points=256)
    assert set(found.indices.total) == {"权重", "计分方法", "合成方法"}
    assert found.sentence.startswith("名次受合成方法（总影响 ")
    assert "单看权重" in found.sentence
    again = sensitivity.sensitivity(run, points=256)
    assert again == found


def test_gaps_and_treatments_are_factors_where_there_are_any():
    run = score(asem_scheme("MINMAX", Treatment()), asem_data("raw"))
    found = sensitivity.sensitivity(run, Choices(treatments=(None, Treatment(most=0, log=False))), points=32)
    assert set(found.indices.total) == {"权重", "计分方法", "合成方法", "缺数处理", "极端值处理"}
    assert tables_of(run, Choices()).points.shape == (15, 49, 51)


def test_a_race_nothing_can_change_says_so():
    run = score(scheme(indicator("x")), data({"A": ("1",), "B": ("2",)}, "x"))
    found = sensitivity.sensitivity(run, AS_DECLARED)
    assert (
        found.sentence == "在考虑的各种算法和权重下，名次都不变。单看权重，任何一项指标的权重增减四分之一，名次都不变。"
    )


def test_one_weight_at_a_time_agrees_with_scoring_anew(run):
    for single in sensitivity.one_at_a_time(run):
        weights = {i.code: i.weight * (1 + Fraction(single.change) if i.code == single.indicator else 1)
                   for i in run.scheme.indicators}  # fmt: skip
        parts = [indicator(c, weight=w) for c, w in weights.items()]
        other = score(scheme(*parts, whole=None), run.data)
        moved = {s.unit for s in run.placings if other.placing(s.unit).place != s.place}
        assert set(single.moved) == moved


def test_the_usual_choices_hold_nothing_twice():
    minmax = counties_scheme()
    assert replicates.usual(minmax).normalisations == (Normalisation.DECLARED, Normalisation.ZSCORE)
    steps = counties_scheme("RANK_STEP", p_step=10, level={"aggregation": Aggregation.GEOMETRIC})
    assert replicates.usual(steps).normalisations == (
        Normalisation.DECLARED, Normalisation.MINMAX, Normalisation.ZSCORE,
    )  # fmt: skip
    assert replicates.usual(steps).averages == (Averages.DECLARED, Averages.ARITHMETIC)


def test_units_without_a_place_are_compared_with_but_not_placed():
    parts = indicator("x", weight="0.5"), indicator("y", weight="0.5", missing=Missing.NO_TOTAL)
    rows = {"A": ("4", "5"), "B": ("2", "7"), "C": ("0", None), "D": ("9", "1")}
    run = score(scheme(*parts), data(rows, "xy"))
    minmax = Choices(
        spread=0, normalisations=(Normalisation.MINMAX,), averages=(Averages.DECLARED,), gaps=(Gaps.DECLARED,)
    )
    tables = tables_of(run, minmax)
    assert "C" not in tables.units
    exact = [[float(run.cells[u][c].points) for u in tables.units] for c in "xy"]
    assert tables.points[0].tolist() == pytest.approx(np.array(exact))
    assert set(replicate(run, count=100).units) == {"A", "B", "D"}


def test_the_published_order_of_what_matters_in_asem():
    """COINr's total indices: aggregation .68, normalisation .30, weights .18, winsorisation .05 (100 points)."""
    run = score(asem_scheme("MINMAX", Treatment()), asem_data("raw"))
    choices = Choices(
        normalisations=(Normalisation.MINMAX, Normalisation.PERCENTILE),
        averages=(Averages.ARITHMETIC, Averages.GEOMETRIC),
        gaps=(Gaps.MEAN,),
        treatments=tuple(Treatment(most=most) for most in range(1, 6)),
    )
    total = sensitivity.sensitivity(run, choices, points=512).indices.total
    assert sorted(total, key=total.get, reverse=True) == ["合成方法", "计分方法", "权重", "极端值处理"]
