"""One case: formulas written out as one function come to what arithmetic with fractions comes to, unknowns included."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from keji.lib.rules.columns import Batch
from keji.lib.rules.formula import Constant, Greatest, Least, Share, Sum, When
from keji.lib.rules.frame import UNDEFINED, Frame
from keji.lib.rules.law import Condition, Names
from keji.lib.rules.rule import Program, Rule, leaves
from keji.lib.rules.vocabulary import Fact, Kind, decimals, declare

declare(
    Fact("t_first", "甲", Kind.MONEY, "元", annual=False),
    Fact("t_second", "乙", Kind.MONEY, "元", annual=False),
    Fact("t_area", "面积", Kind.NUMBER, "平方米", places=2, annual=False),
)
FACTS = ("t_first", "t_second", "t_area")
F = Names()

values = st.none() | st.integers(-5, 5) | st.integers(-(10**13), 10**13)
cases = st.fixed_dictionaries(dict.fromkeys(FACTS, values)).map(lambda c: {k: v for k, v in c.items() if v is not None})
multiples = st.sampled_from([Fraction(n, d) for n in (-3, -1, 1, 2, 9) for d in (1, 2, 5, 100)])


def integral():
    """Formulas as (formula, what it comes to for a case as a Fraction, None where something is unknown)."""

    def fact(name):
        scale = 100 if name == "t_area" else 1
        return F.now(name), lambda case: Fraction(case[name], scale) if name in case else None

    def constant(value):
        return Constant(value), lambda case: value

    def larger(children):
        return (
            st.builds(total, st.lists(st.tuples(multiples, children), min_size=1, max_size=3))
            | st.builds(extreme, st.sampled_from([(Least, min), (Greatest, max)]), children, children)
            | st.builds(choice, children, children, children, st.booleans())
        )

    leaves = st.sampled_from(FACTS).map(fact) | multiples.map(constant)
    return st.recursive(leaves, larger, max_leaves=8)


def total(terms):
    def found(case):
        parts = [work(case) for _, (_, work) in terms]
        return None if None in parts else sum(c * part for (c, _), part in zip(terms, parts, strict=True))

    return Sum([(c, formula) for c, (formula, _) in terms]), found


def extreme(kind, first, second):
    def found(case):
        parts = [first[1](case), second[1](case)]
        return None if None in parts else kind[1](parts)

    return kind[0](first[0], second[0]), found


def choice(test, then, otherwise, or_zero):
    def found(case):
        sign = test[1](case)
        if sign is None:
            return None
        return (then if sign > 0 or (or_zero and sign == 0) else otherwise)[1](case)

    return When(test[0], then[0], otherwise[0], or_zero=or_zero), found


@given(integral(), cases)
def test_whole_numbers_come_to_what_fractions_come_to(pair, case):
    formula, expected = pair
    found = formula.one()(case)
    assert (None if found is None else Fraction(found, formula.scale)) == expected(case)


@given(integral(), integral(), cases)
def test_a_share_is_a_quotient_nothing_undefined_or_unknown(part, whole, case):
    top, bottom = part[1](case), whole[1](case)
    found = Share(part[0], whole[0]).one()(case)
    if top == 0:
        assert found == (0, 1)
    elif bottom is not None and bottom <= 0:
        assert found is UNDEFINED
    elif top is None or bottom is None:
        assert found is None
    else:
        assert Fraction(*found) == top / bottom


@given(st.lists(st.tuples(multiples, integral(), integral()), min_size=2, max_size=3), cases)
def test_quotients_add_up_exactly_and_one_that_is_undefined_makes_the_sum_undefined(terms, case):
    shares = [Share(part[0], whole[0]) for _, part, whole in terms]
    parts = [share.one()(case) for share in shares]
    found = (Sum([(c, share) for (c, *_), share in zip(terms, shares, strict=True)]) - 1).one()(case)
    if UNDEFINED in parts:
        assert found is UNDEFINED
    elif None in parts:
        assert found is None
    else:
        assert Fraction(*found) == sum(c * Fraction(*part) for (c, *_), part in zip(terms, parts, strict=True)) - 1


@given(integral(), st.lists(cases, min_size=1, max_size=6))
def test_columns_of_whole_numbers_hold_the_same_numbers(pair, rows):
    formula, expected = pair
    most = next((2**k for k in range(48, -1, -1) if formula.fits(2**k)), 0)
    rows = [row for row in rows if all(abs(v) <= most for v in row.values())]
    batch = Batch({k: np.array([float(row.get(k, np.nan)) for row in rows]) for k in FACTS}, len(rows))
    for found, row in zip(batch.of(formula), rows, strict=True):
        wanted = expected(row)
        assert np.isnan(found) if wanted is None else found == wanted * formula.scale


def test_what_says_the_same_is_one_formula_worked_out_once():
    def net(f):
        return f.now("t_first") - f.now("t_second")

    assert net(F).slot == net(Names()).slot
    assert net(F).slot != (F.now("t_second") - F.now("t_first")).slot
    assert When(net(F), 1, 2).slot != When(net(F), 1, 2, or_zero=True).slot
    frame = Frame()
    places = [frame.place(formula) for formula in (Share(net(F), F.now("t_area")), net(F), net(Names()))]
    assert places[1] == places[2] != places[0]
    case = frame.function()({"t_first": 5, "t_second": 2, "t_area": 700})
    assert [case[place] for place in places] == [(300, 700), 3, 3]


def test_a_sum_of_one_column_is_that_column_and_stays_as_it_was():
    column = np.array([1.0, np.nan, -3.0])
    batch = Batch({"t_first": column}, 3)
    once = Sum([(Fraction(1), F.now("t_first"))])
    assert batch.of(once + once + Constant(7)).tolist()[::2] == [9.0, 1.0]
    assert column.tolist()[::2] == [1.0, -3.0]


@given(st.integers(-(10**15), 10**15), st.sampled_from([1, 3, 7, 100, 10_000, 33_333]), st.sampled_from([0, 2, 4]))
@example(99_995, 10_000, 2)
@example(-4, 1_000, 2)
@example(9_999_999, 10_000, 2)
def test_an_amount_is_rounded_half_up_and_loses_its_trailing_zeros(value, per, places):
    steps = floor(Fraction(abs(value), per) * 10**places + Fraction(1, 2))
    whole, part = divmod(steps, 10**places)
    tail = f".{part:0{places}d}".rstrip("0") if part else ""
    assert decimals(value, per, places) == ("-" if value < 0 and steps else "") + f"{whole:,}" + tail


def program(*clauses):
    class Alone(Rule):
        code, title = "alone_in_tests", "试"

    return Program(Alone(), None, "", clauses, {})


@given(cases)
def test_one_condition_asked_for_alone_is_the_one_of_the_whole_verdict(case):
    share = Share(F.now("t_first"), F.now("t_area"))
    judging = program(
        Condition("甲", F.now("t_first"), ">=", 3, key="first"),
        Condition("占比", share, "<", Fraction(1, 3), key="share"),
    )
    for node in leaves(judging.judge(case).nodes):
        assert judging.condition(case, node.key) == node


def test_what_is_short_at_the_very_mark_is_nothing_and_never_less():
    """A mark that must be exceeded is met exactly: it fails, and nothing is short, not minus nothing."""
    judging = program(Condition("超过", F.now("t_first"), ">", 3, key="above"))
    found = judging.judge_many({"t_first": np.array([3.0, 2.0, 4.0, np.nan])}, 4)
    assert found.conditions[0].tolist() == [0, 0, 2, 1]
    assert [repr(short) for short in found.short[0].tolist()] == ["0.0", "1.0", "0.0", "0.0"]


def test_nobody_is_judged_without_fuss():
    found = program(Condition("甲", F.now("t_first"), ">=", 3, key="first")).judge_many({}, 0)
    assert (found.keys, found.passed.size, found.short.shape) == (("first",), 0, (1, 0))
