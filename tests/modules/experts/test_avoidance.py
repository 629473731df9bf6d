"""Who may not judge what: every edge of every window, from records and declarations alike."""

from __future__ import annotations

from datetime import date
from functools import partial
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.parties.models import Person, Standing
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.modules.experts.asking import AvoidedName, PersonRef, Subject
from keji.modules.experts.models import Employment, Expert, Tie, Use
from keji.modules.experts.services.snapshot import snapshot
from keji.modules.experts.services.ties import TieRow, declare_tie, record_ties, withdraw_tie

pytestmark = pytest.mark.django_db
REVIEW = date(2024, 11, 20)  # of the worked cases: nothing is drawn here, so it may be further away


@pytest.fixture
def ask(ask):
    return partial(ask, review_on=REVIEW)


SYSTEM = Actor.system("测试")


@pytest.fixture
def matter(make_party, now):
    """Project leader 甲 of unit U1 with co-operator U2."""
    u1, u2 = make_party("甲方机械有限公司"), make_party("乙方电子有限公司")
    lead = Person.objects.create(name="赵甲", party=u1, created_at=now)
    subject = Subject("SB-2024-0001", "一种轴承", (u1.pk, u2.pk), (PersonRef("赵甲", lead.pk, u1.name),))
    return SimpleNamespace(u1=u1, u2=u2, lead=lead, subject=subject)


def states(draw):
    return {s.side.key: (s.state.value, s.hits[0].rule if s.hits else "") for s in snapshot(draw).stands}


def test_the_worked_cases_of_the_rules(matter, make_experts, ask, now):
    """P1 to P8 of the bureau's vectors, for a review on 20 November 2024."""
    p = [None, *make_experts(9)]
    Employment.objects.create(expert=p[1], party=matter.u1, employer=matter.u1.name, until_on=date(2022, 3, 1))
    Employment.objects.create(expert=p[2], party=matter.u1, employer=matter.u1.name, until_on=date(2021, 11, 20))
    ties = [
        TieRow(p[3].pk, "coauthor", person=matter.lead.pk, on=date(2021, 11, 21)),
        TieRow(p[4].pk, "coauthor", person=matter.lead.pk, on=date(2021, 11, 20)),
        TieRow(p[5].pk, "mentor", whom="赵甲", on=date(2005, 6, 1)),
    ]
    record_ties(ties, actor=SYSTEM, at=now)
    Expert.objects.filter(pk=p[6].pk).update(party=matter.u2, employer=matter.u2.name)
    Standing.objects.create(
        person=p[7].person, kind="sanction", measure="暂停评审", restricts=["review"], basis="决定书",
        from_on=date(2024, 1, 1), until_on=REVIEW,
    )  # fmt: skip
    for month in range(1, 7):
        Use.objects.create(expert=p[8], on=date(2024, month, 5), task="评审")
    found = states(ask([matter.subject]))
    assert {n: found[p[n].pk] for n in range(1, 10)} == {
        1: ("avoided", "former_unit"),
        2: ("eligible", ""),
        3: ("avoided", "worked_together"),
        4: ("eligible", ""),
        5: ("avoided", "mentor"),
        6: ("avoided", "same_unit"),
        7: ("restricted", "restricted"),
        8: ("resting", "rotation"),
        9: ("eligible", ""),
    }


def test_a_restriction_that_ended_the_day_before_no_longer_counts_and_five_uses_are_not_six(make_experts, ask, matter):
    free, five = make_experts(2)
    Standing.objects.create(
        person=free.person, kind="sanction", measure="暂停评审", restricts=["review"], basis="决定书",
        from_on=date(2024, 1, 1), until_on=date(2024, 11, 19),
    )  # fmt: skip
    for month in range(1, 6):
        Use.objects.create(expert=five, on=date(2024, month, 5), task="评审")
    for month in range(1, 7):  # last year's do not count
        Use.objects.create(expert=five, on=date(2023, month, 5), task="评审")
    assert {s for s, _ in states(ask([matter.subject])).values()} == {"eligible"}


def test_families_count_without_a_limit_and_their_names_stay_sealed(make_experts, ask, matter, now):
    first, second = make_experts(2)
    row = TieRow(first.pk, "kin", whom="赵甲", unit="甲方机械有限公司")
    declare_tie(first, row, actor=SYSTEM, at=now)
    other = TieRow(second.pk, "kin", whom="赵甲", unit="别处的公司")
    declare_tie(second, other, actor=SYSTEM, at=now)
    shot = snapshot(ask([matter.subject]))
    assert [s.state.value for s in shot.stands] == ["avoided", "eligible"]
    assert "赵甲" not in shot.stands[0].hits[0].sentence
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT whom, unit FROM experts_tie")
        stored = str(cursor.fetchall())
    assert "赵甲" not in stored and "甲方" not in stored


def test_what_was_withdrawn_counts_no_more_but_records_cannot_be_withdrawn(make_experts, ask, matter, now):
    expert = make_experts(1)[0]
    tie = declare_tie(expert, TieRow(expert.pk, "interest", unit=matter.u1.name), actor=SYSTEM, at=now)
    draw = ask([matter.subject])
    assert states(draw)[expert.pk] == ("avoided", "interest")
    withdraw_tie(tie, actor=SYSTEM, at=now)
    assert states(draw)[expert.pk] == ("eligible", "")
    record_ties([TieRow(expert.pk, "coproject", whom="赵甲", on=date(2024, 1, 1))], actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="不能自行撤回"):
        withdraw_tie(Tie.objects.get(origin="records"), actor=SYSTEM, at=now)


def test_an_expert_does_not_judge_the_own_matter_nor_anything_beside_it(make_experts, ask, matter, now):
    """Own application, known by the person's key; a namesake whose key differs is another human being."""
    own, namesake, unknown = make_experts(3, name=lambda n: "钱乙", employer=lambda n: f"大学{n}")
    known = Subject("SB-2", "甲题", (), (PersonRef("钱乙", own.person_id, "大学1"),))
    assert [s for s, _ in states(ask([known])).values()] == ["avoided", "eligible", "eligible"]
    told = Subject("SB-3", "乙题", (), (PersonRef("钱乙", None, "大学2"),))
    assert [s for s, _ in states(ask([told])).values()] == ["eligible", "avoided", "eligible"]
    bare = Subject("SB-4", "丙题", (), (PersonRef("钱 乙"),))
    assert {s for s, _ in states(ask([bare])).values()} == {"avoided"}  # nothing tells them apart


def test_units_are_recognised_by_former_names_and_after_a_merger(make_experts, ask, make_party, now):
    from keji.kernel.parties.models import PartyName

    old, new = make_party("旧名公司"), make_party("新名公司")
    PartyName.objects.create(party=new, name="更早的名字公司", until_on=date(2020, 1, 1))
    old.merged_into = new
    old.save()
    names = ["旧名公司", "新名公司", "更早的名字公司", "无关公司"]
    for name in names:
        make_experts(1, employer=name)
    found = states(ask([Subject("SB-1", "题", (old.pk,))]))
    assert [s for s, _ in found.values()] == ["avoided", "avoided", "avoided", "eligible"]


def test_applicants_may_keep_three_experts_away_each_with_a_reason(make_experts, ask):
    a, b, c = make_experts(3, name=lambda n: "孙丙" if n < 3 else "李丁")
    one = Subject("SB-1", "题", avoided=(AvoidedName("孙丙", "学术争议", a.employer),))
    assert [s for s, _ in states(ask([one])).values()] == ["avoided", "eligible", "eligible"]
    both = Subject("SB-1", "题", avoided=(AvoidedName("孙丙", "学术争议"),))
    assert [s for s, _ in states(ask([both])).values()] == ["avoided", "avoided", "eligible"]
    many = Subject("SB-1", "题", avoided=tuple(AvoidedName(f"某{i}", "理由") for i in range(4)))
    with pytest.raises(Refused, match="申请回避 4 人，最多 3 人"):
        ask([many])
    with pytest.raises(Refused, match="都要写明姓名和理由"):
        ask([Subject("SB-1", "题", avoided=(AvoidedName("孙丙", " "),))])


def test_who_has_not_confirmed_or_has_paused_rests(make_experts, ask, matter):
    a, b, c, d = make_experts(4)
    Expert.objects.filter(pk=a.pk).update(confirmed_until=date(2024, 11, 19))
    Expert.objects.filter(pk=b.pk).update(confirmed_until=REVIEW)
    Expert.objects.filter(pk=c.pk).update(state="paused")
    Expert.objects.filter(pk=d.pk).update(state="exited")
    found = states(ask([matter.subject]))
    assert found == {a.pk: ("resting", "unconfirmed"), b.pk: ("eligible", ""), c.pk: ("resting", "paused")}


def test_the_field_binds_technical_experts_only(make_experts, ask, matter):
    from keji.modules.experts.models import Discipline

    fits, deep, also, other, money = make_experts(5)
    code = {e.code: e for e in Discipline.objects.all()}
    Expert.objects.filter(pk=deep.pk).update(discipline=code["520.20"])
    Expert.objects.filter(pk__in=[also.pk, other.pk]).update(discipline=code["210"])
    also.also.add(code["520.40"])
    Expert.objects.filter(pk=money.pk).update(discipline=code["790"], kind="finance")
    draw = ask([matter.subject], disciplines=("510", "520"))
    shot = snapshot(draw)
    assert {s.side.key for s in shot.stands} == {fits.pk, deep.pk, also.pk, money.pk}
    assert {s.features["学科"] for s in shot.stands} == {"510", "520", "210", "790"}


def test_a_larger_pool_costs_no_more_queries(make_experts, ask, matter, now):
    """Every rule answers for the whole pool at once."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    draw, counted = ask([matter.subject]), []
    for more in (5, 40):
        for expert in make_experts(more)[:3]:
            record_ties([TieRow(expert.pk, "mentor", whom="赵甲")], actor=SYSTEM, at=now)
        with CaptureQueriesContext(connection) as queries:
            assert len(snapshot(draw).stands) == Expert.objects.count()
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 25


RULES = ("former", "coauthor", "mentor", "named", "restricted", "used", "unconfirmed", "paused", "unit")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.sampled_from(RULES), max_size=3), min_size=1, max_size=8))
def test_states_add_up_and_only_the_untouched_may_be_drawn(make_experts, ask, matter, now, marks):
    """Whatever speaks against whom: everybody has one state, and eligible is who nothing speaks against."""
    for model in (Use, Employment, Tie, Standing):
        model.objects.all().delete()
    Expert.objects.all().delete()
    experts = make_experts(len(marks))
    avoided = []
    for expert, mine in zip(experts, marks, strict=True):
        if "former" in mine:
            Employment.objects.create(
                expert=expert, party=matter.u1, employer=matter.u1.name, until_on=date(2023, 1, 1)
            )
        if "coauthor" in mine:
            record_ties([TieRow(expert.pk, "coauthor", whom="赵甲", on=date(2024, 1, 1))], actor=SYSTEM, at=now)
        if "mentor" in mine:
            record_ties([TieRow(expert.pk, "mentor", whom="赵甲")], actor=SYSTEM, at=now)
        if "named" in mine:
            avoided.append(expert)
        if "restricted" in mine:
            Standing.objects.create(
                person=expert.person, kind="sanction", measure="x", restricts=["review"], basis="y", from_on=REVIEW
            )
        for _ in range(6 if "used" in mine else 0):
            Use.objects.create(expert=expert, on=date(2024, 2, 1), task="t")
        changes = {}
        changes |= {"confirmed_until": None} if "unconfirmed" in mine else {}
        changes |= {"state": "paused"} if "paused" in mine else {}
        changes |= {"party": matter.u2, "employer": matter.u2.name} if "unit" in mine else {}
        if changes:
            Expert.objects.filter(pk=expert.pk).update(**changes)
    wishes = [
        Subject(f"SB-{i}", "题", avoided=(AvoidedName(e.person.name, "理由", e.employer),))
        for i, e in enumerate(avoided)
        if "unit" not in marks[experts.index(e)]
    ]
    for expert in avoided:
        if "unit" in marks[experts.index(expert)]:
            wishes.append(Subject("SB-u", "题", avoided=(AvoidedName(expert.person.name, "理由"),)))
    shot = snapshot(ask([matter.subject, *wishes]))
    assert sum(shot.states().values()) == len(experts)
    found = {s.side.key: s for s in shot.stands}
    for expert, mine in zip(experts, marks, strict=True):
        state = found[expert.pk].state.value
        if "restricted" in mine:
            assert state == "restricted"
        elif mine & {"former", "coauthor", "mentor", "named", "unit"}:
            assert state == "avoided"
        else:
            assert state == ("resting" if mine else "eligible")
        assert (state == "eligible") == (not found[expert.pk].hits)
