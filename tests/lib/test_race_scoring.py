"""Scoring a race: the worked examples to the printed digit, and every case that goes wrong in practice."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.race.functions import FUNCTIONS
from keji.lib.race.levels import geometric
from keji.lib.race.scheme import (
    Aggregation,
    Award,
    Bonus,
    Direction,
    Figure,
    Group,
    Level,
    Missing,
    Ties,
    Treatment,
    exact,
)
from keji.lib.race.scoring import SchemeError, score
from keji.lib.race.treatment import treat
from keji.lib.race.validation import problems
from tests.lib.races import (
    WEIGHTS,
    column,
    counties_data,
    counties_scheme,
    data,
    indicator,
    scheme,
)


def printed(run):
    return {s.unit: (str(s.printed), s.place) for s in run.placings}


def points(run, code="x"):
    return [run.cells[u.code][code].points for u in run.data.units]


def places(run):
    return {s.unit: s.place for s in run.placings}


# The worked examples ------------------------------------------------------------------------------------------------


def test_seven_counties_by_min_max():
    run = score(counties_scheme(), counties_data())
    assert printed(run) == {
        "叶集": ("70.00", 1), "霍山": ("62.76", 2), "金安": ("54.33", 3), "舒城": ("44.33", 4), "霍邱": ("38.88", 5),
        "裕安": ("34.76", 6), "金寨": ("17.31", 7),
    }  # fmt: skip
    by_hand = {c: float(run.cells["金安"][c].points) for c in WEIGHTS}
    assert by_hand == pytest.approx(
        {"rd": 55.263, "fiscal": 84.848, "fiscal_growth": 47.826, "loans": 53.846, "value_added": 39.080}, abs=5e-4
    )
    due = [float(run.cells["金安"][c].contribution) for c in WEIGHTS]
    assert due == pytest.approx([16.579, 12.727, 7.174, 8.077, 9.770], abs=5e-4)
    assert sum(run.cells["金安"][c].contribution for c in WEIGHTS) == run.placing("金安").total


def test_sixty_and_forty_is_the_same_order():
    run = score(counties_scheme("EFFICACY"), counties_data())
    assert [t for t, _ in printed(run).values()] == ["88.00", "85.10", "81.73", "77.73", "75.55", "73.90", "66.92"]
    assert places(run) == places(score(counties_scheme(), counties_data()))


def test_steps_by_rank_change_the_order_and_ties_share_a_place():
    run = score(counties_scheme("RANK_STEP", p_step=10), counties_data())
    assert printed(run) == {
        "叶集": ("82.00", 1), "霍山": ("81.00", 2), "金安": ("76.50", 3), "舒城": ("73.00", 4), "裕安": ("65.00", 5),
        "霍邱": ("63.50", 6), "金寨": ("52.00", 7),
    }  # fmt: skip
    assert run.cells["裕安"]["rd"].points == run.cells["金寨"]["rd"].points == 60  # both fifth
    assert run.cells["霍邱"]["rd"].points == 40  # seventh: nobody is sixth


def test_a_standard_is_capped_at_a_hundred():
    parts = indicator("rd", "STD_CAP", "0.6", p_standard="2.5"), indicator("fiscal", "STD_CAP", "0.4", p_standard=5)
    run = score(scheme(*parts), data({"甲": ("1.6", "5.3")}, ("rd", "fiscal")))
    assert (run.cells["甲"]["rd"].points, run.cells["甲"]["fiscal"].points) == (64, 100)
    assert run.placing("甲").total == Fraction("78.4")
    assert "上限" in run.cells["甲"]["fiscal"].note
    free = tuple(replace(p, cap=Fraction(1000)) for p in parts)
    assert score(scheme(*free), run.data).placing("甲").total == Fraction("80.8")


def test_a_base_index_has_no_cap():
    parts = indicator("a", "BASE_INDEX", "0.3", p_base="1.40"), indicator("b", "BASE_INDEX", "0.7", p_base=300)
    run = score(scheme(*parts), data({"甲": ("2.10", "360")}, ("a", "b")))
    assert run.placing("甲").total == 129


@pytest.mark.parametrize(
    ("actual", "target", "shown"),
    [
        ("720", "750", "96.00"), ("1480", "1350", "100.00"), ("1.65", "1.80", "91.67"), ("62", "120", "51.67"),
        ("35", "53", "66.04"), ("14826", "20000", "74.13"), ("78.93", "91", "86.74"), ("145", "170", "85.29"),
    ],
)  # fmt: skip
def test_targets_reached(actual, target, shown):
    figure = Figure(exact(actual), target=exact(target))
    run = score(scheme(indicator("x", "TARGET_RATE")), data({"甲": (figure,)}, ("x",)))
    assert str(run.placing("甲").printed) == shown


def test_a_cap_of_one_hundred_and_ten():
    figure = Figure(Fraction(1480), target=Fraction(1350))
    rows = data({"甲": (figure,)}, ("x",))
    run = score(scheme(indicator("x", "TARGET_RATE", cap=Fraction(110))), rows)
    assert str(run.placing("甲").printed) == "109.63"


def test_growth_is_exact_where_floats_are_not():
    figure = Figure(exact("24.15"), base=exact("21.00"))
    run = score(scheme(indicator("x", "GROWTH")), data({"甲": (figure,)}, ("x",)))
    assert run.cells["甲"]["x"].points == 15
    share = Figure(exact("1.8"), base=exact("2.1"))
    run = score(scheme(indicator("x", "GROWTH", p_points_change=1)), data({"甲": (share,)}, ("x",)))
    assert run.cells["甲"]["x"].points == Fraction("-0.3")


# Cases that go wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["MINMAX", "EFFICACY", "ZSCORE", "PERCENTILE", "RANK_STEP", "DISTANCE"])
@pytest.mark.parametrize("values", [["5", "5", "5"], ["5"]], ids=["all equal", "one unit only"])
def test_equal_figures_get_equal_points(code, values):
    own = {"RANK_STEP": {"p_step": 10}, "DISTANCE": {"p_target": 5}}.get(code, {})
    run = score(*column(values, code, **own))
    assert set(points(run)) == {Fraction(50) if code == "ZSCORE" else Fraction(100)}
    assert {s.place for s in run.placings} == {1}


@pytest.mark.parametrize("base", ["0", "-3"])
def test_growth_from_nothing_is_flagged_not_scored(base):
    figures = {"甲": (Figure(Fraction(5), base=exact(base)), "1"), "乙": (Figure(Fraction(6), base=Fraction(5)), "1")}
    run = score(scheme(indicator("x", "GROWTH", "0.5"), indicator("y", weight="0.5")), data(figures, ("x", "y")))
    assert run.cells["甲"]["x"].points is None
    assert "零或负数" in run.cells["甲"]["x"].note
    assert run.placing("甲").place is not None


def test_growth_may_be_negative():
    figure = Figure(Fraction(90), base=Fraction(100))
    assert points(score(scheme(indicator("x", "GROWTH")), data({"A": (figure,)}, ("x",)))) == [-10]


def test_less_is_better():
    less = {"direction": Direction.LESS}
    assert points(score(*column(["1", "2", "3"], **less))) == [100, 50, 0]
    assert points(score(*column(["1", "2", "3"], "RANK_STEP", p_step=10, **less))) == [100, 90, 80]
    assert points(score(*column(["1", "2", "3"], "EFFICACY", **less))) == [100, 80, 60]
    assert points(score(*column(["1", "2", "4"], "STD_CAP", p_standard=2, **less))) == [100, 100, 50]
    assert points(score(*column(["0", "2"], "STD_CAP", p_standard=2, **less))) == [None, 100]
    reduced = {
        "甲": (Figure(Fraction(80), target=Fraction(100)),),
        "乙": (Figure(Fraction(125), target=Fraction(100)),),
    }
    run = score(scheme(indicator("x", "TARGET_RATE", cap=Fraction(120), **less)), data(reduced, ("x",)))
    assert points(run) == [120, 80]


def test_progress_is_places_gained():
    rows = {"甲": (Figure(Fraction(2), base=Fraction(5)),), "乙": (Figure(Fraction(3), base=Fraction(1)),)}
    assert points(score(scheme(indicator("x", "PROGRESS")), data(rows, ("x",)))) == [3, -2]


def test_distance_to_a_target_and_percentiles():
    assert points(score(*column(["0", "5", "10", "12"], "DISTANCE", p_target=10))) == [0, 50, 100, 100]
    assert points(score(*column(["1", "2", "2", "4"], "PERCENTILE"))) == [0, Fraction(200, 3), Fraction(200, 3), 100]


@pytest.mark.parametrize(
    ("policy", "total", "place"),
    [
        (Missing.NOTHING, Fraction(50), 2),
        (Missing.SHARED, Fraction(100), 1),
        (Missing.NO_TOTAL, None, None),
        (Missing.MEAN, Fraction(75), 2),
        (Missing.LOWEST, Fraction(50), 2),
    ],
)
def test_what_a_missing_figure_does(policy, total, place):
    parts = indicator("x", weight="0.5"), indicator("y", weight="0.5", missing=policy)
    run = score(scheme(*parts), data({"甲": ("9", None), "乙": ("9", "4"), "丙": ("1", "2")}, ("x", "y")))
    late = run.placing("甲")
    assert (late.total, late.place) == (total, place)
    assert late.missing == ("y",)
    assert run.cells["甲"]["y"].value is None
    if policy is Missing.NO_TOTAL:
        assert late.note == "缺少y，不计总分，不排名"
        assert [s.unit for s in run.placings] == ["乙", "丙", "甲"]


def test_nobody_filed_anything_in_january():
    run = score(*column([None, None]))
    assert [(s.total, s.place, s.note) for s in run.placings] == [(None, None, "没有可计分的数据，不排名")] * 2
    half = score(scheme(indicator("x", weight="0.5"), indicator("y", weight="0.5", missing=Missing.SHARED)),
                 data({"A": ("1", None), "B": ("2", None)}, ("x", "y")))  # fmt: skip
    assert [s.total for s in half.placings] == [100, 0]
    assert half.cells["A"]["y"].note == "未报送"


def test_a_missing_branch_hands_its_weight_to_the_others():
    shared = {"missing": Missing.SHARED}
    branch = Level("b", "投入", (indicator("x", weight=1, **shared),), Fraction(1, 2))
    other = Level("c", "产出", (indicator("y", weight=1, **shared),), Fraction(1, 2))
    run = score(scheme(branch, other), data({"甲": (None, "3"), "乙": ("1", "2")}, ("x", "y")))
    assert run.levels["甲"] == {"b": None, "c": 100, "total": 100}
    assert run.cells["甲"]["y"].weight == 1


def test_ties_in_every_digit_or_in_the_printed_ones():
    rows = data({"A": ("50.001",), "B": ("50.004",), "C": ("60",), "D": ("1",)}, ("x",))
    close = scheme(indicator("x", "AS_IS"))
    assert places(score(close, rows)) == {"C": 1, "B": 2, "A": 3, "D": 4}
    assert places(score(replace(close, ties=Ties.PRINTED), rows)) == {"C": 1, "A": 2, "B": 2, "D": 4}


def test_a_tie_at_the_cut_is_broken_by_the_indicator_named():
    parts = indicator("x", "AS_IS", "0.5"), indicator("y", "AS_IS", "0.5")
    rows = data({"A": ("40", "60"), "B": ("60", "40"), "C": ("50", "50")}, ("x", "y"))
    assert set(places(score(scheme(*parts), rows)).values()) == {1}
    assert places(score(scheme(*parts, tie_break=("y",)), rows)) == {"A": 1, "C": 2, "B": 3}


def test_groups_are_ranked_among_themselves():
    groups = Group("county", "县"), Group("district", "区")
    of = {"A": "county", "B": "district", "C": "county", "D": "district"}
    rows = data({"A": ("1",), "B": ("9",), "C": ("3",), "D": ("5",)}, ("x",), of)
    run = score(scheme(indicator("x"), groups=groups), rows)
    assert [(s.unit, s.place, s.total) for s in run.placings] == [
        ("C", 1, 100),
        ("A", 2, 0),
        ("B", 1, 100),
        ("D", 2, 0),
    ]
    run = score(scheme(indicator("x"), groups=groups, across=True), rows)
    assert [(s.unit, s.place, s.overall, s.total) for s in run.placings] == [
        ("C", 1, 3, 25), ("A", 2, 4, 0), ("B", 1, 1, 100), ("D", 2, 2, 50),
    ]  # fmt: skip


def test_the_change_of_place_since_the_last_time():
    run = score(counties_scheme(), replace(counties_data(), before={"叶集": 3, "霍山": 2, "金安": 1}))
    assert [run.placing(u).change for u in ("叶集", "霍山", "金安", "舒城")] == [2, 0, -2, None]


def test_bonuses_count_with_evidence_and_up_to_their_limit():
    bonuses = Bonus("win", "国家级奖励", Fraction(2), Fraction(3)), Bonus("fault", "通报批评", Fraction(-1))
    awards = (
        Award("A", "win", Fraction(2), "皖政〔2024〕1号"),
        Award("B", "win", Fraction(1), " "),
        Award("B", "fault", Fraction(1), "通报"),
    )
    plain, rows = column(["1", "2"])
    run = score(replace(plain, bonuses=bonuses), replace(rows, awards=awards))
    a, b = run.placing("A"), run.placing("B")
    assert (a.base, a.bonus, a.total, a.note) == (0, 3, 3, "“国家级奖励”超过上限，按 3 分计")
    assert (b.bonus, b.total, b.note) == (-1, 99, "“国家级奖励”没有依据材料，未计")


def test_outliers_are_drawn_in_only_when_skewed_and_peaked():
    values = [Fraction(v) for v in (1, 2, 3, 4, 5, 6, 7, 8, 9, 1000)]
    found = treat([*values, None], Treatment())
    assert found.values == (*values[:-1], 9, None)
    assert found.said == "1 个极端值按次极端值计（偏大）"
    assert treat(values[:-1], Treatment()).values == tuple(values[:-1])
    mirrored = treat([-v for v in values], Treatment())
    assert mirrored.values == tuple(-v for v in found.values[:-1])
    logs = treat(values, Treatment(most=0))
    assert logs.said == "分布过偏，取对数后计分"
    assert sorted(logs.values) == list(logs.values)
    run = score(*column([str(v) for v in values], treatment=Treatment()))
    assert points(run)[-2:] == [100, 100]
    assert run.log[1] == "极端值：x 1 个。"


def test_geometric_means_punish_imbalance():
    parts = (
        indicator("x", "AS_IS", "0.5", missing=Missing.SHARED),
        indicator("y", "AS_IS", "0.5", missing=Missing.SHARED),
    )
    rows = data({"A": ("50", "50"), "B": ("20", "80"), "C": ("0", "100"), "D": ("-1", "100")}, ("x", "y"))
    run = score(scheme(*parts, aggregation=Aggregation.GEOMETRIC), rows)
    assert [(s.unit, s.total, s.place) for s in run.placings] == [
        ("A", 50, 1), ("B", 40, 2), ("C", 0, 3), ("D", None, None),
    ]  # fmt: skip
    assert "不为负" in run.placing("D").note
    assert sum(c.contribution for c in run.cells["B"].values()) == 40


def test_a_negative_branch_stops_the_total_and_is_no_missing_one():
    shared = {"missing": Missing.SHARED}
    below = Level("b", "下级", (indicator("x", "AS_IS", **shared),), Fraction(1, 2), Aggregation.GEOMETRIC)
    run = score(scheme(below, indicator("y", "AS_IS", "0.5")), data({"A": ("-1", "5")}, ("x", "y")))
    assert run.placing("A").total is None


# Schemes and data that cannot be used -------------------------------------------------------------------------------


def said(*parts, **more):
    return problems(scheme(*parts, **more))


def test_a_scheme_says_what_is_wrong_with_it():
    assert said(replace(indicator("x"), weight=None)) == ("“x”没有权重，请填写。",)
    assert said(indicator("x", weight="0.6"), indicator("y", weight="0.3")) == (
        "“总分”各项权重合计 0.9，应为 1，少 0.1，请调整。",
    )
    assert said(indicator("x", weight="60"), indicator("y", weight="40"), whole=Fraction(100)) == ()
    assert said(indicator("x", weight="2"), indicator("y", weight="3"), whole=None) == ()
    assert said(indicator("x", weight="-1"), indicator("y", weight="2")) == ("“x”的权重是负数。",)
    assert said(indicator("x", "STD_CAP")) == ("“x”用标准值法，缺少标准值。",)
    assert said(indicator("x", "STD_CAP", p_standard=0)) == ("“x”的标准值应大于零。",)
    assert said(indicator("x", p_step=3)) == ("“x”用极差法，没有参数“每位次扣分”，请去掉。",)
    assert "不存在" in said(indicator("x", "MAGIC"))[0]
    assert said(indicator("x", weight="0.5"), indicator("x", weight="0.5")) == ("代码“x”用了不止一次。",)
    assert said() == ("方案里没有指标，请至少设一项。", "“总分”下面没有指标。")
    assert "上限低于下限" in said(indicator("x", cap=Fraction(1), floor=Fraction(2)))[0]
    assert "应大于不允许值" in said(indicator("x", "EFFICACY", p_x_bad=5, p_x_good=2))[0]
    assert said(indicator("x"), tie_break=("z",)) == ("同分比较用的指标“z”不在方案里。",)
    assert "几何平均" in said(indicator("x"), aggregation=Aggregation.GEOMETRIC)[0]


def test_data_that_do_not_fit_are_refused_with_reasons():
    rows = data({"A": ("1",)}, ("x",), {"A": "moon"}, awards=(Award("Z", "gift"),))
    with pytest.raises(SchemeError) as caught:
        score(scheme(indicator("y"), groups=(Group("county", "县"),)), rows)
    assert len(caught.value.sentences) == 4
    with pytest.raises(SchemeError, match="没有参加的单位"):
        score(scheme(indicator("y")), data({}, ("y",)))


def test_a_float_is_no_figure():
    with pytest.raises(TypeError):
        exact(0.1)


# What must always hold ----------------------------------------------------------------------------------------------

figures = st.decimals(-1000, 1000, places=2) | st.none()
tables = st.lists(st.tuples(figures, figures, figures), min_size=1, max_size=8)
PARAMETERS = {"STD_CAP": {"p_standard": 7}, "RANK_STEP": {"p_step": 5}, "DISTANCE": {"p_target": 50}}
COMPARING = [c for c, f in FUNCTIONS.items() if not f.wants]


def random_race(rows, code, missing=Missing.NOTHING):
    own = PARAMETERS.get(code, {})
    parts = [indicator(c, code, w, missing=missing, **own) for c, w in zip("xyz", ("0.5", "0.3", "0.2"), strict=True)]
    return scheme(*parts), data({f"U{i}": row for i, row in enumerate(rows)}, "xyz")


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(COMPARING), st.sampled_from(list(Missing)))
def test_contributions_make_the_total_and_places_follow_it(rows, code, missing):
    run = score(*random_race(rows, code, missing))
    ranked = [s for s in run.placings if s.total is not None]
    for s in ranked:
        assert sum(c.contribution for c in run.cells[s.unit].values()) == s.base
        assert s.place == 1 + sum(o.total > s.total for o in ranked)
    for unit in run.data.units:
        for cell in run.cells[unit.code].values():
            assert (cell.value is None) <= (cell.points is None or cell.filled)


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(COMPARING), st.randoms())
def test_the_order_of_units_does_not_matter(rows, code, random):
    plan, figures_ = random_race(rows, code)
    mixed = list(figures_.units)
    random.shuffle(mixed)
    one, other = score(plan, figures_), score(plan, replace(figures_, units=tuple(mixed)))
    assert {s.unit: s for s in one.placings} == {s.unit: s for s in other.placings}


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(["MINMAX", "EFFICACY", "RANK_STEP", "ZSCORE", "PERCENTILE"]), st.integers(1, 50))
def test_another_unit_of_measure_does_not_matter(rows, code, times):
    plan, one = random_race(rows, code)
    _, other = random_race([tuple(None if v is None else v * times for v in row) for row in rows], code)
    ours, theirs = score(plan, one), score(plan, other)
    for u in one.units:
        a, b = ours.placing(u.code).total, theirs.placing(u.code).total
        assert (a is None) == (b is None)
        assert a is None or abs(a - b) < Fraction(1, 10**25)  # exact but for the root of the z-score


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.decimals(0, 1000, places=2)] * 3), min_size=2, max_size=8))
def test_efficacy_orders_as_min_max_does_but_not_under_geometric_means(rows):
    plan, figures_ = random_race(rows, "MINMAX")
    assert places(score(plan, figures_)) == places(score(random_race(rows, "EFFICACY")[0], figures_))


def test_efficacy_may_order_otherwise_under_a_geometric_mean():
    rows = {"A": ("0", "100", "100"), "B": ("40", "50", "50"), "C": ("100", "0", "0")}
    geo = {"aggregation": Aggregation.GEOMETRIC}

    def run(code):
        parts = [indicator(c, code, "1", missing=Missing.SHARED) for c in "xyz"]
        return score(scheme(*parts, whole=None, **geo), data(rows, "xyz"))

    assert places(run("MINMAX"))["A"] > places(run("MINMAX"))["B"]
    assert places(run("EFFICACY"))["A"] < places(run("EFFICACY"))["B"]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.fractions(Fraction(1, 9), 9), st.fractions(Fraction(1, 100), 1000)), min_size=1, max_size=6)
)
def test_geometric_means_lie_between_the_least_and_the_greatest(parts):
    whole = sum(w for w, _ in parts)
    mean = geometric([(w / whole, v) for w, v in parts])
    little = Fraction(1, 10**39)
    assert min(v for _, v in parts) - little <= mean <= max(v for _, v in parts) + little
    arithmetic = sum(w * v for w, v in parts) / whole
    assert mean <= arithmetic + little


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(0, 100, places=1), min_size=2, max_size=8), st.integers(0, 7), st.decimals(0, 50, places=1))
def test_a_better_figure_never_makes_a_worse_place(values, at, more):
    at %= len(values)
    better = [v + more if i == at else v for i, v in enumerate(values)]
    for code in ("MINMAX", "EFFICACY", "RANK_STEP", "PERCENTILE", "ZSCORE", "AS_IS"):
        own = PARAMETERS.get(code, {})
        unit = chr(65 + at)
        before, after = (score(*column(list(v), code, **own)).placing(unit).place for v in (values, better))
        assert after <= before
