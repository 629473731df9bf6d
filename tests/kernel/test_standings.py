"""Standings: registered by one, in force by another's hand, both days included, lifted by a second person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.parties.models import Standing
from keji.kernel.parties.standings import blocked_parties, blocks, correct_standing, register_standings, standing_on
from keji.kernel.records.flow import Refused, take

pytestmark = pytest.mark.django_db
START, END = date(2024, 3, 11), date(2025, 3, 10)


@pytest.fixture
def first(person, actor_for):
    return actor_for(person("officer", "first"))


@pytest.fixture
def second(person, actor_for):
    return actor_for(person("officer", "second"))


@pytest.fixture
def register(make_party, first, now):
    party = make_party("失信公司")

    def make(**given):
        row = {
            "party": party, "kind": "sanction", "measure": "一年内不得申报项目", "restricts": ["apply"],
            "basis": "六科监〔2024〕1号", "from_on": START, "until_on": END,
        } | given  # fmt: skip
        return register_standings([row], actor=first, at=now)[0]

    return make


def test_it_holds_only_after_a_second_person_has_seen_the_document(register, first, second, now):
    standing = register()
    assert standing_on(standing.party, START) == []
    with pytest.raises(Refused, match="两个人"):
        take("confirm", standing, actor=first, at=now)
    take("confirm", standing, actor=second, at=now)
    assert standing_on(standing.party, START) == [standing]


@pytest.mark.parametrize(
    ("on", "held"),
    [(START - timedelta(days=1), False), (START, True), (END, True), (END + timedelta(days=1), False)],
)
def test_both_days_are_included(register, second, now, on, held):
    standing = take("confirm", register(), actor=second, at=now)
    assert bool(standing_on(standing.party, on)) is held
    assert bool(blocks(standing.party, "apply", on)) is held


def test_the_refusal_says_what_until_when_and_by_which_document(register, second, now):
    standing = take("confirm", register(), actor=second, at=now)
    said = "2024年3月11日至2025年3月10日不得申报科技计划项目：一年内不得申报项目（六科监〔2024〕1号）"
    assert blocks(standing.party, "apply", START) == said
    assert blocks(standing.party, "fund", START) == ""
    assert blocked_parties("apply", START) == {standing.party_id: said}
    with pytest.raises(ValueError, match="dance"):
        blocks(standing.party, "dance", START)


def test_an_honour_blocks_nothing_and_one_for_good_has_no_end(register, second, now):
    honour = take("confirm", register(kind="honour", until_on=None), actor=second, at=now)
    assert blocks(honour.party, "apply", date(2050, 1, 1)) == ""
    assert standing_on(honour.party, date(2050, 1, 1)) == [honour]


def test_lifting_needs_another_person_and_a_reason_and_ends_it_from_that_day(register, first, second, now):
    standing = take("confirm", register(), actor=second, at=now)
    with pytest.raises(Refused, match="两个人"):
        take("lift", standing, actor=first, at=now, reason="已整改")
    with pytest.raises(Refused, match="写明理由"):
        take("lift", standing, actor=second, at=now)
    take("lift", standing, actor=second, at=now, reason="已整改")
    today = now.date()
    assert standing_on(standing.party, today - timedelta(days=1)) == [standing]
    assert standing_on(standing.party, today) == []


def test_a_restriction_nobody_asks_about_is_refused(register):
    with pytest.raises(Refused, match="没有“aply”这种限制事项"):
        register(restricts=["aply"])


def test_what_ran_out_is_not_lifted(register, second, now):
    over = take("confirm", register(until_on=date(2024, 11, 11)), actor=second, at=now)
    with pytest.raises(Refused, match="已经届满"):
        take("lift", over, actor=second, at=now, reason="届满")


def test_what_is_in_force_is_not_edited(register, second, now):
    standing = take("confirm", register(), actor=second, at=now)
    with pytest.raises(Refused, match="不能修改"):
        correct_standing(standing, {"measure": "x"}, actor=second, at=now)


def test_whoever_corrected_it_does_not_confirm_it(register, second, now):
    standing = correct_standing(register(), {"measure": "二年内不得申报项目"}, actor=second, at=now)
    with pytest.raises(Refused, match="两个人"):
        take("confirm", standing, actor=second, at=now)


def test_a_unit_sees_what_is_in_force_over_it_and_nothing_before(register, person, actor_for, second, now):
    standing = register()
    unit = actor_for(person("enterprise", party=standing.party))
    assert not Standing.objects.visible_to(unit).exists()
    take("confirm", standing, actor=second, at=now)
    assert Standing.objects.visible_to(unit).exists()


def test_the_units_page_lists_it(register, second, now, enter, person):
    standing = take("confirm", register(), actor=second, at=now)
    page = enter(person("officer")).get(f"/d/parties/{standing.party_id}").content.decode()
    assert "一年内不得申报项目" in page
    assert "有效" in page


def test_the_desk_refuses_the_same_document_twice_and_dates_in_the_wrong_order(register, enter, person):
    standing = register()
    row = {"party": standing.party.uscc, "kind": "sanction", "measure": standing.measure, "basis": standing.basis}
    client = enter(person("officer"))
    answer = client.post("/d/standings/new", row | {"from_on": "2024-03-11", "restricts": "apply"})
    assert "登记过同样的措施" in answer.content.decode()
    answer = client.post(
        "/d/standings/new", row | {"basis": "另一份", "from_on": "2024-03-11", "until_on": "2024-01-01"}
    )
    assert "截止日期早于开始日期" in answer.content.decode()
    answer = client.post("/d/standings/new", row | {"basis": "另一份", "from_on": "2024-03-11", "restricts": "apply"})
    assert answer.status_code == 302


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(-5, 370), st.integers(0, 360), st.none() | st.integers(0, 360))
def test_in_force_is_exactly_from_first_to_last_or_the_day_before_lifting(make_party, on, length, lifted):
    party = make_party()
    day, last = START + timedelta(days=on), START + timedelta(days=length)
    off = None if lifted is None else START + timedelta(days=lifted)
    Standing.objects.create(
        party=party, kind="sanction", measure="m", basis="b", from_on=START, until_on=last,
        state="in_force" if off is None else "lifted", lifted_on=off,
    )  # fmt: skip
    assert bool(standing_on(party, day)) == (START <= day <= last and (off is None or day < off))
