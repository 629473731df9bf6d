"""Freezing, drawing, replacing: what people do with a draw, and what stops them."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.draw import (
    DrawError,
    Expert,
    Frozen,
    Impossible,
    Outcome,
    Pool,
    Quota,
    Request,
    Shares,
    State,
    candidates,
    commitment_of,
    draw,
    freeze,
    new_nonce,
    replace,
    warm_up,
)
from keji.lib.draw.feasible import examine, relax
from keji.lib.draw.frozen import _quick
from keji.lib.merkle import canonical

NONCE = "5e" * 32
SHARES = Shares(NONCE, "483920")


def expert(number: int, **kept: object) -> Expert:
    features = {"类型": "财务" if number % 6 == 0 else "技术", "地区": "本市" if number % 3 == 0 else "市外"}
    return Expert(f"E{number:03d}", employer=f"单位{number % 11}", features=features, **kept)


def pool(size: int = 40) -> Pool:
    out = {3: State.AVOIDED, 8: State.RESTING, 9: State.RESTRICTED}
    return Pool.of(
        expert(i, state=out[i], rule="同一单位", record=f"申报书 {i}") if i in out else expert(i) for i in range(size)
    )


def request(**changed: object) -> Request:
    quotas = (Quota("类型", "财务", 1, 2), Quota("地区", "市外", 3, 5))
    return dataclasses.replace(Request(5, quotas, employer_cap=1, substitutes=10, about={"任务": "验收"}), **changed)


@pytest.fixture(scope="module")
def frozen() -> Frozen:
    return freeze(pool(), request(), commitment=commitment_of(NONCE), at="2026-11-20T09:00:00+08:00")


@pytest.fixture(scope="module")
def outcome(frozen: Frozen) -> Outcome:
    return draw(frozen, SHARES)


def test_the_states_add_up_to_the_pool(frozen):
    assert frozen.data["states"] == {"eligible": 37, "avoided": 1, "resting": 1, "restricted": 1}
    assert sum(frozen.data["states"].values()) == len(frozen.pool.experts)


def test_nobody_is_left_out_without_a_rule_and_a_record():
    with pytest.raises(DrawError, match="没有写明依据和出处"):
        Pool.of([Expert("E1", state=State.AVOIDED)])


def test_an_expert_is_in_the_pool_once():
    with pytest.raises(DrawError, match="出现两次"):
        Pool.of([Expert("E1"), Expert("E2"), Expert("E1")])


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"size": 4}, "单数"),
        ({"size": 0}, "之间"),
        ({"employer_cap": -1}, "不能为负"),
        ({"quotas": (Quota("类型", "财务", 3, 2),)}, "大于上限"),
        ({"quotas": (Quota("类型", "财务", 1, 2), Quota("类型", "财务", 1, 3))}, "两条"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused_with_a_sentence(changed, word):
    with pytest.raises(DrawError, match=word):
        examine(pool(), request(**changed))


def test_whoever_may_not_be_drawn_has_no_odds_and_everybody_else_has_some(frozen):
    odds = frozen.odds()
    for e in frozen.pool.experts:
        assert (odds[e.id] > 0) == (e.state == State.ELIGIBLE)
    assert sum(odds.values()) == 5


def test_the_order_of_the_rows_does_not_matter(frozen):
    turned = Pool.of(reversed(pool().experts))
    again = freeze(turned, request(), commitment=commitment_of(NONCE), at="2026-11-20T09:00:00+08:00")
    assert again.content == frozen.content


def test_an_expert_who_may_not_be_drawn_changes_nothing_for_the_others(frozen):
    more = Pool.of([*pool().experts, expert(77, state=State.AVOIDED, rule="师生", record="档案 7")])
    again = freeze(more, request(), commitment=commitment_of(NONCE), at="2026-11-20T09:00:00+08:00")
    assert {k: v for k, v in again.odds().items() if k != "E077"} == frozen.odds()


def test_a_published_file_is_read_back_and_a_changed_one_is_not(frozen, outcome):
    assert Frozen.read(frozen.content).odds() == frozen.odds()
    assert Outcome.read(outcome.content).panel == outcome.panel
    with pytest.raises(DrawError, match="改动过"):
        Frozen.read(frozen.content + b"\n")
    with pytest.raises(DrawError, match="改动过"):
        Outcome.read(outcome.content.replace(b"483920", b"483921"))


def test_the_same_shares_give_the_same_panel_and_others_another(frozen, outcome):
    assert draw(frozen, SHARES).content == outcome.content
    others = {draw(frozen, Shares(NONCE, f"{n:06d}")).panel for n in range(20)}
    assert len(others) > 10


def test_another_number_than_the_sealed_one_does_not_open(frozen):
    with pytest.raises(DrawError, match="摘要不符"):
        draw(frozen, Shares(new_nonce(), "483920"))


@pytest.mark.parametrize("digits", ["", "12345", "48392a", "４８３９２０", "483920 "])
def test_the_witness_says_enough_digits(frozen, digits):
    with pytest.raises(DrawError, match="至 60 位"):
        draw(frozen, Shares(NONCE, digits))


def test_the_public_figure_is_used_when_agreed_and_only_then(frozen):
    with pytest.raises(DrawError, match="没有约定公开数字"):
        draw(frozen, Shares(NONCE, "483920", "7"))
    agreed = freeze(pool(), request(), commitment=commitment_of(NONCE), at="x", public="当日收盘指数")
    with pytest.raises(DrawError, match="当日收盘指数"):
        draw(agreed, SHARES)
    assert (
        draw(agreed, Shares(NONCE, "483920", "3301.77")).seed != draw(agreed, Shares(NONCE, "483920", "3301.78")).seed
    )


def test_the_panel_keeps_the_quotas(frozen, outcome):
    drawn = [e for e in frozen.pool.experts if e.id in outcome.panel]
    assert len({e.employer for e in drawn}) == 5
    assert 1 <= sum(e.features["类型"] == "财务" for e in drawn) <= 2
    assert sum(e.features["地区"] == "市外" for e in drawn) >= 3


def test_every_substitute_fits_the_seats_named_beside_it(frozen, outcome):
    assert len(outcome.substitutes) >= 10
    assert set(outcome.panel) == {seat for s in outcome.substitutes for seat in s.seats} | set(outcome.uncovered)
    assert not {s.id for s in outcome.substitutes} & set(outcome.panel)


def test_who_declines_is_followed_by_the_first_who_fits(frozen, outcome):
    leaves = outcome.panel[2]
    walked = candidates(frozen, outcome, leaves)
    after = replace(frozen, outcome, leaves, reason="出差", at="2026-11-21T10:00:00+08:00")
    assert all(why for _, why in walked[:-1])
    assert walked[-1][1] == ""
    assert after.current[2] == walked[-1][0] == next(s.id for s in outcome.substitutes if leaves in s.seats)
    assert after.panel == outcome.panel
    assert [r.declined for r in after.replacements] == [leaves]


def test_who_declined_never_comes_back(frozen, outcome):
    now = outcome
    gone: list[str] = []
    for _ in range(12):
        gone.append(now.current[0])
        now = replace(frozen, now, now.current[0], reason="出差", at="2026-11-21")
        assert not set(gone) & set(now.current)


def test_a_refusal_needs_a_reason_a_seat_and_the_right_file(frozen, outcome):
    with pytest.raises(DrawError, match="原因"):
        replace(frozen, outcome, outcome.panel[0], reason=" ", at="2026-11-21")
    with pytest.raises(DrawError, match="不在评审组"):
        replace(frozen, outcome, "E999", reason="出差", at="2026-11-21")
    other = freeze(pool(), request(), commitment=commitment_of(NONCE), at="another day")
    with pytest.raises(DrawError, match="另一份"):
        replace(other, outcome, outcome.panel[0], reason="出差", at="2026-11-21")


def test_when_nobody_is_left_the_sentence_says_so():
    few = Pool.of(Expert(f"E{i}") for i in range(3))
    frozen = freeze(few, Request(3), commitment=commitment_of(NONCE), at="x")
    assert set(frozen.odds().values()) == {Fraction(1)}
    with pytest.raises(DrawError, match="没有其他可抽取的专家"):
        replace(frozen, draw(frozen, SHARES), "E1", reason="出差", at="x")


def test_an_impossible_request_names_the_smallest_relaxation_and_it_works():
    tight = request(quotas=(Quota("类型", "财务", 3, 5), Quota("地区", "市外", 3, 5)))
    with pytest.raises(Impossible, match="最小的放宽办法") as caught:
        freeze(pool(), tight, commitment=commitment_of(NONCE), at="x")
    changes = caught.value.finding.changes
    assert sum(abs(c.before - c.after) for c in changes) == 1
    assert examine(pool(), relax(tight, changes)).possible


def test_an_empty_pool_is_impossible():
    with pytest.raises(Impossible, match="没有一名可抽取"):
        freeze(Pool.of([]), Request(3), commitment=commitment_of(NONCE), at="x")


def test_experts_no_panel_can_seat_are_named_before_the_draw():
    experts = [Expert(f"E{i}", features={"类型": "技术" if i else "财务"}) for i in range(9)]
    frozen = freeze(
        Pool.of(experts), Request(3, (Quota("类型", "财务", 0, 0),)), commitment=commitment_of(NONCE), at="x"
    )
    assert frozen.unreachable() == ("E0",)
    assert frozen.fairness.least == 0


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_parts_are_digested_as_they_stand_in_the_file(value):
    content = canonical({"x": value})
    assert _quick(json.loads(content)) == content


def test_the_frozen_file_is_canonical_json(frozen):
    assert frozen.content == canonical(frozen.data)


@pytest.mark.parametrize("odd", [b"1.5", b"1e3", b"NaN"])
def test_a_file_with_a_float_is_refused(frozen, odd):
    with pytest.raises(DrawError, match="小数"):
        Frozen.read(frozen.content.replace(b'"digits":6', b'"digits":' + odd))


def test_the_compiled_search_can_be_made_ready_beforehand():
    warm_up()


def test_two_who_decline_the_same_seat_follow_one_after_the_other(frozen, outcome):
    """Two people at once: the second reads what the first left, and finds the seat taken."""
    leaves = outcome.panel[0]
    after = replace(frozen, outcome, leaves, reason="出差", at="2026-11-21")
    with pytest.raises(DrawError, match="不在评审组"):
        replace(frozen, after, leaves, reason="出差", at="2026-11-21")


@pytest.mark.parametrize(
    "wrong",
    [Expert("E1", features={"年龄": 51.5}), Expert("E1", employer=None), Expert("E\ud800"), Expert("E1", record=7)],
)
def test_only_text_gets_into_the_file(wrong):
    with pytest.raises(TypeError):
        Pool.of([wrong])
    with pytest.raises(TypeError):
        freeze(pool(), request(about={"权重": 0.5}), commitment=commitment_of(NONCE), at="x")


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"7", b"{}", b"[" * 100_000, b"\xff", b"1" * 10_000])
def test_nonsense_is_refused_with_a_sentence(content):
    with pytest.raises(DrawError, match="冻结文件"):
        Frozen.read(content)
    with pytest.raises(DrawError, match="抽取结果"):
        Outcome.read(content)
