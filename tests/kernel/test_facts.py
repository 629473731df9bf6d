"""Facts once: what several sources say becomes one file, and nothing is ever decided in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keji.modules.enterprises.facts.declared  # noqa: F401  (the vocabulary)
from keji.kernel.audit.models import Entry
from keji.kernel.facts.known import known
from keji.kernel.facts.models import FactFile, Origin, Statement
from keji.kernel.facts.services import Said, confirm, expire, resolve, settle, state_facts, withdraw
from keji.kernel.parties.merging import merge, undo
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused

SYSTEM = Actor.system()
saying = st.dictionaries(st.sampled_from(["revenue", "assets", "staff"]), st.lists(st.integers(-9, 9), max_size=4))


@given(saying)
def test_a_file_never_holds_what_nobody_said(stated):
    values, unsettled = resolve(stated)
    assert all(value in stated[name] for name, value in values.items())
    assert set(values).isdisjoint(unsettled)


@given(saying, st.randoms())
def test_the_order_of_statements_does_not_matter(stated, dice):
    shuffled = {name: dice.sample(said, len(said)) for name, said in stated.items()}
    assert resolve(stated) == resolve(shuffled)


@given(saying)
def test_a_conflict_is_never_silently_decided(stated):
    values, unsettled = resolve(stated)
    assert {n for n, said in stated.items() if len(set(said)) > 1} == set(unsettled)
    assert {n for n, said in stated.items() if len(set(said)) == 1} == set(values)


@pytest.fixture
def firm(make_party):
    return make_party("六安某科技有限公司", region="341502")


@pytest.fixture
def clerk(person, actor_for):
    return actor_for(person("county", "clerk", region="341502"))


@pytest.fixture
def officer(person, actor_for):
    return actor_for(person("officer", "checker"))


@pytest.fixture
def own(person, actor_for, firm):
    return actor_for(person("enterprise", "own", party=firm))


def file(firm, year=2023):
    return FactFile.objects.get(party=firm, year=year)


pytestmark = pytest.mark.django_db


def test_what_is_said_once_is_known(firm, clerk, now):
    assert state_facts([Said(firm, "revenue", 100, 2023), Said(firm, "resident", 1)], actor=clerk, at=now) == 2
    found = known(firm.pk, 2024, now.date())
    assert (found["revenue-1"], found["resident"], found["hnte"]) == (100, 1, 0)  # the last is the register's answer
    assert Statement.objects.get(name="revenue").origin == Origin.COUNTY


def test_saying_the_same_again_changes_nothing(firm, clerk, now):
    said = [Said(firm, "revenue", 100, 2023)]
    state_facts(said, actor=clerk, at=now)
    entries = Entry.objects.count()
    assert state_facts(said, actor=clerk, at=now + timedelta(days=1)) == 0
    assert (Statement.objects.count(), Entry.objects.count()) == (1, entries)


def test_a_source_corrects_itself(firm, clerk, now):
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    state_facts([Said(firm, "revenue", 120, 2023)], actor=clerk, at=now)
    assert file(firm).values == {"revenue": 120}
    assert Statement.objects.get(value=100).state == "replaced"


def test_sources_that_differ_leave_the_fact_unknown_until_somebody_settles_it(firm, clerk, own, officer, now):
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    state_facts([Said(firm, "revenue", 120, 2023), Said(firm, "staff", 9, 2023)], actor=own, at=now)
    assert (file(firm).values, file(firm).unsettled, file(firm).open_count) == ({"staff": 9}, ["revenue"], 1)
    assert "revenue-1" not in known(firm.pk, 2024, now.date())
    settle(Statement.objects.get(value=120), "以审计报告为准", actor=officer, at=now)
    assert file(firm).values == {"revenue": 120, "staff": 9}
    assert {s.value: s.state for s in Statement.objects.filter(name="revenue")} == {100: "set_aside", 120: "settled"}


def test_whoever_said_it_does_not_settle_it_and_a_second_click_is_told(firm, clerk, own, officer, now):
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    state_facts([Said(firm, "revenue", 120, 2023)], actor=own, at=now)
    with pytest.raises(Refused, match="您填报的"):
        settle(Statement.objects.get(value=100), "我填的", actor=clerk, at=now)
    with pytest.raises(Refused, match="县区或业务科室"):
        settle(Statement.objects.get(value=120), "我填的", actor=own, at=now)
    with pytest.raises(Refused, match="理由"):
        settle(Statement.objects.get(value=120), " ", actor=officer, at=now)
    settle(Statement.objects.get(value=120), "审计报告", actor=officer, at=now)
    with pytest.raises(Refused, match="已经裁定"):
        settle(Statement.objects.get(value=120), "审计报告", actor=officer, at=now)


def test_another_countys_clerk_neither_confirms_nor_settles(firm, own, person, actor_for, clerk, now):
    state_facts([Said(firm, "revenue", 120, 2023)], actor=own, at=now)
    stranger = actor_for(person("county", "stranger", region="341503"))
    assert confirm(Statement.objects.all(), actor=stranger, at=now) == 0
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    with pytest.raises(Refused, match="不在您的县区"):
        settle(Statement.objects.get(value=120), "理由", actor=stranger, at=now)


def test_confirming_takes_a_second_person(firm, own, clerk, now):
    state_facts([Said(firm, "revenue", 120, 2023), Said(firm, "resident", 1)], actor=own, at=now)
    with pytest.raises(Refused, match="核实"):
        confirm(Statement.objects.all(), actor=own, at=now)
    assert confirm(Statement.objects.all(), actor=clerk, at=now) == 2
    assert set(Statement.objects.values_list("state", "checked_by")) == {("confirmed", "clerk")}
    state_facts([Said(firm, "staff", 10, 2023)], actor=clerk, at=now)
    with pytest.raises(Refused, match="两个人"):
        confirm(Statement.objects.filter(name="staff"), actor=clerk, at=now)


def test_a_later_statement_opens_what_was_settled(firm, clerk, own, officer, now):
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    state_facts([Said(firm, "revenue", 120, 2023)], actor=own, at=now)
    settle(Statement.objects.get(value=100), "纳税申报表", actor=officer, at=now)
    state_facts([Said(firm, "revenue", 120, 2023, "审计报告")], actor=own, at=now)
    assert file(firm).unsettled == ["revenue"]


def test_a_sheet_sent_again_does_not_open_what_was_settled(firm, clerk, officer, now):
    row = [Said(firm, "revenue", 130, 2023, "统计年报")]
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    state_facts(row, actor=officer, at=now, origin=Origin.STATISTICS)
    settle(Statement.objects.get(value=100), "统计口径不同", actor=Actor.system(), at=now)
    assert state_facts(row, actor=officer, at=now, origin=Origin.STATISTICS) == 0
    assert file(firm).values == {"revenue": 100}


def test_a_fact_that_ran_out_is_unknown_again(firm, clerk, now):
    state_facts([Said(firm, "listed_abnormal", 0), Said(firm, "resident", 1)], actor=clerk, at=now)
    later = now + timedelta(days=200)
    assert expire(actor=SYSTEM, at=later) == 1
    assert file(firm, 0).values == {"resident": 1}
    assert expire(actor=SYSTEM, at=later) == 1  # once more changes nothing
    assert file(firm, 0).values == {"resident": 1}
    assert state_facts([Said(firm, "listed_abnormal", 0)], actor=clerk, at=later) == 1
    assert file(firm, 0).values == {"listed_abnormal": 0, "resident": 1}


def test_only_the_source_takes_its_statement_back_once(firm, clerk, own, now):
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    row = Statement.objects.get()
    with pytest.raises(Refused, match="县区填报"):
        withdraw(row, "填错", actor=own, at=now)
    withdraw(row, "别的企业的数", actor=clerk, at=now)
    assert file(firm).values == {}
    with pytest.raises(Refused, match="已经更新或撤回"):
        withdraw(row, "别的企业的数", actor=clerk, at=now)


def test_one_batch_does_not_say_two_things(firm, clerk, now):
    with pytest.raises(Refused, match="两个不同的数"):
        state_facts([Said(firm, "staff", 1, 2023), Said(firm, "staff", 2, 2023)], actor=clerk, at=now)
    with pytest.raises(Refused, match="要注明年度"):
        state_facts([Said(firm, "staff", 1)], actor=clerk, at=now)
    assert not Statement.objects.exists()


@settings(max_examples=15, deadline=None)
@given(acts=st.lists(st.tuples(st.sampled_from(["party", "county", "statistics"]), st.integers(1, 3)), max_size=8))
def test_replaying_what_was_said_gives_the_same_file(acts, request):
    from django.db import transaction

    now, make_party = request.getfixturevalue("now"), request.getfixturevalue("make_party")
    with transaction.atomic():
        first, second = make_party(), make_party()
        for firm in (first, second):
            for origin, value in acts:
                state_facts([Said(firm, "revenue", value, 2023)], actor=SYSTEM, at=now, origin=origin)
        files = [list(FactFile.objects.filter(party=p).values_list("values", "unsettled")) for p in (first, second)]
        last = dict(acts)
        transaction.set_rollback(True)
    assert files[0] == files[1]
    if last:
        agreed = len(set(last.values())) == 1
        assert files[0] == [({"revenue": next(iter(last.values()))}, [])] if agreed else [({}, ["revenue"])]


def test_two_units_that_become_one_share_a_file_and_can_part_again(make_party, firm, clerk, now):
    other = make_party("六安某科技公司", region="341502")
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    state_facts([Said(other, "staff", 9, 2023), Said(other, "revenue", 100, 2023)], actor=clerk, at=now)
    made = merge(firm, other, actor=SYSTEM, at=now)
    assert file(firm).values == {"revenue": 100, "staff": 9}
    undo(made, actor=SYSTEM, at=now)
    assert (file(firm).values, file(other).values) == ({"revenue": 100}, {"revenue": 100, "staff": 9})


def test_units_whose_figures_differ_are_not_merged_in_silence(make_party, firm, clerk, now):
    other = make_party("六安某科技公司", region="341502")
    state_facts([Said(firm, "revenue", 100, 2023)], actor=clerk, at=now)
    state_facts([Said(other, "revenue", 900, 2023)], actor=clerk, at=now)
    with pytest.raises(Refused, match="“销售（营业）收入”（2023年）填得不同"):
        merge(firm, other, actor=SYSTEM, at=now)


def test_what_is_said_of_a_number_is_kept_whole_or_refused(firm, own, officer, now):
    with pytest.raises(Refused, match="依据最多 200 字，现有 201 字"):
        state_facts([Said(firm, "revenue", 120, 2023, "据" * 201)], actor=own, at=now)
    state_facts([Said(firm, "revenue", 120, 2023, "据" * 200)], actor=own, at=now)
    state_facts([Said(firm, "revenue", 100, 2023)], actor=officer, at=now)
    with pytest.raises(Refused, match="理由最多 300 字，现有 301 字"):
        settle(Statement.objects.get(value=120), "错" * 301, actor=officer, at=now)
    with pytest.raises(Refused, match="理由最多 300 字，现有 301 字"):
        withdraw(Statement.objects.get(value=120), "错" * 301, actor=own, at=now)
    withdraw(Statement.objects.get(value=120), "错" * 300, actor=own, at=now)
    assert Statement.objects.get(value=120).reason == "错" * 300
