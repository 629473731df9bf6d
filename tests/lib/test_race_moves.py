"""One place up, other figures, the late county: each answer is checked by scoring the race again."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.race.moves import moves_up
from keji.lib.race.scheme import Aggregation, Direction, Figure, Missing, exact
from keji.lib.race.scoring import score
from keji.lib.race.whatif import what_if, when_late_arrive
from tests.lib.races import column, counties_data, counties_scheme, data, indicator, scheme


@pytest.fixture(scope="module")
def run():
    return score(counties_scheme(), counties_data())


def test_the_smallest_change_that_moves_a_county_up(run):
    moves = {m.indicator: m for m in moves_up(run, "金安")}
    growth = moves["rd"]
    assert (growth.needed, growth.change, growth.place, growth.gained) == (exact("22.48"), exact("4.28"), 3, 2)
    assert what_if(run, {("金安", "rd"): exact("22.48")}).placing("金安").place == 2
    assert what_if(run, {("金安", "rd"): exact("22.47")}).placing("金安").place == 3
    assert growth.sentence == (
        "金安的研发经费增速由 18.2 提高到 22.48（提高 4.28），其他不变，由第 3 名升到第 2 名。"
    )  # fmt: skip
    assert moves["fiscal"].needed is None
    assert moves["fiscal"].sentence == "金安的财政科技投入：单靠这一项，即使达到 3.6 也不能进位。"


def test_the_easiest_comes_first_and_the_impossible_last(run):
    moves = moves_up(run, "裕安")
    assert [m.needed is None for m in moves] == sorted(m.needed is None for m in moves)
    assert moves[0].indicator == "rd"


def test_nobody_is_moved_up_from_the_first_place_or_from_none(run):
    assert moves_up(run, "叶集") == ()
    with pytest.raises(KeyError):
        moves_up(run, "火星")
    silent = score(*column(["1", None]))
    assert moves_up(silent, "B") == ()


def test_what_has_not_been_filed_is_to_be_filed_first():
    parts = indicator("x", weight="0.5"), indicator("y", weight="0.5")
    late = score(scheme(*parts), data({"A": ("1", None), "B": ("3", "5"), "C": ("0", "5")}, "xy"))
    assert [m.sentence for m in moves_up(late, "A")][-1] == "A的y：数据还没有报送，先补报。"


def test_less_is_better_and_percentage_points():
    less = indicator("x", direction=Direction.LESS, unit="%", step=Fraction(1, 10), title="能耗")
    run = score(scheme(less), data({"A": ("5",), "B": ("3",), "C": ("1",)}, "x"))
    assert (
        moves_up(run, "A")[0].sentence == "A的能耗由 5% 降低到 3%（降低 2个百分点），其他不变，由第 3 名升到第 2 名。"
    )


def test_a_limit_says_what_is_feasible():
    run = score(*column(["1", "2", "9"], "AS_IS", step=Fraction(1), limit=Fraction(5)))
    assert moves_up(run, "B")[0].needed is None
    assert moves_up(run, "A")[0].needed == 2  # an equal total shares the place


def test_growth_is_feasible_up_to_the_best_rate_not_to_the_largest_amount():
    def figure(value, base):
        return Figure(Fraction(value), base=Fraction(base))

    rows = {"大": (figure(1100, 1000), "1"), "小": (figure(10, 10), "0"), "中": (figure(52, 50), "0")}
    parts = indicator("x", "GROWTH", "0.5", step=Fraction(1, 10)), indicator("y", weight="0.5")
    run = score(scheme(*parts), data(rows, "xy"))
    found = {m.indicator: m for m in moves_up(run, "小")}
    assert found["x"].needed == exact("10.4")  # as fast as 中, not the amount of 大
    assert [m.needed for m in moves_up(run, "中") if m.indicator == "x"] == [None]


figures = st.integers(0, 12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(figures, figures), min_size=2, max_size=5),
    st.sampled_from(["MINMAX", "EFFICACY", "RANK_STEP", "AS_IS", "PERCENTILE"]),
    st.sampled_from(list(Aggregation)),
)
def test_no_smaller_step_would_do(rows, code, aggregation):
    own = {"p_step": 10} if code == "RANK_STEP" else {}
    parts = [indicator(c, code, "0.5", missing=Missing.SHARED, step=Fraction(1), **own) for c in "xy"]
    run = score(scheme(*parts, aggregation=aggregation), data({f"U{i}": row for i, row in enumerate(rows)}, "xy"))
    for unit in run.data.units:
        for move in moves_up(run, unit.code):
            best = max(run.data.figure(u.code, move.indicator).value for u in run.data.units)
            trial = (
                (v, what_if(run, {(unit.code, move.indicator): Fraction(v)}).placing(unit.code).place)
                for v in range(int(move.value) + 1, int(best) + 1)
            )
            first = next(((v, p) for v, p in trial if p < move.place), (None, None))
            assert (move.needed, move.gained) == first


def test_what_if_changes_nothing_but_the_figure(run):
    assert what_if(run, {}) == run
    other = what_if(run, {("金寨", "rd"): exact("26")})
    assert other.data.version == "v1（假设）"
    assert run.placing("金寨").place == 7
    assert other.placing("金寨").place < 7
    with pytest.raises(KeyError):
        what_if(run, {("火星", "rd"): None})


def test_how_places_may_change_when_the_late_county_files(run):
    late = what_if(run, {("金安", "rd"): None, ("金安", "value_added"): None})
    found = {x.unit: (x.place, x.best, x.worst) for x in when_late_arrive(late, "金安")}
    assert found["金安"] == (6, 1, 6)
    assert found["金寨"] == (7, 7, 7)
    assert found["叶集"] == (1, 1, 2)
    assert when_late_arrive(run, "金安") == ()
    assert [x.settled for x in when_late_arrive(late, "金安")].count(True) == 1


def test_a_late_growth_rate_lies_between_those_of_the_others():
    def figure(value, base):
        return Figure(None if value is None else Fraction(value), base=Fraction(base))

    rows = {"A": (figure(None, 200),), "B": (figure(11, 10),), "C": (figure(13, 10),)}
    run = score(scheme(indicator("x", "GROWTH")), data(rows, "x"))
    assert [(x.unit, x.best, x.worst) for x in when_late_arrive(run, "A")] == [("C", 1, 1), ("B", 2, 3), ("A", 1, 2)]
    alone = score(scheme(indicator("x", "GROWTH")), data({"A": rows["A"], "B": (figure(None, 1),)}, "x"))
    assert when_late_arrive(alone, "A") == ()
