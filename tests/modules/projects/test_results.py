"""After acceptance: results year by year, projects of higher levels, what is on time; and joint projects' shares."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from keji.kernel.indicators.indicator import get
from keji.kernel.records.flow import Refused, take
from keji.lib.figures import Period
from keji.modules.projects.models import HigherProject, Programme, Project, Share, YearReport
from keji.modules.projects.results.services import higher, results
from keji.modules.projects.running.services import taskbook
from keji.modules.projects.running.services.register import register_projects
from keji.modules.projects.shares import services as shares
from tests.modules.projects.telling import SYSTEM, on

pytestmark = pytest.mark.django_db
TOLD = {"papers": 1, "rights": 2, "revenue": 3_000_000, "converted": True, "conversion": 500_000}


@pytest.fixture
def programme(db):
    return Programme.objects.create(name="市科技攻关计划")


def registered(party, programme, at, **changes):
    row = {
        "party": party, "title": "旧项目", "programme": programme, "year": 2020, "leader_name": "赵工",
        "established_on": date(2020, 5, 1), "starts_on": date(2020, 5, 1), "ends_on": date(2022, 4, 30),
        "grant": 300_000, "paid": 300_000,
    } | changes  # fmt: skip
    with on(date(2022, 1, 5)) as before:
        return register_projects([row], actor=SYSTEM, at=before, source="page")[0]


@pytest.fixture
def accepted(firm, programme, now):
    project = registered(firm, programme, now)
    Project.objects.filter(pk=project.pk).update(state="accepted", conclusion="通过", accepted_on=date(2022, 6, 1))
    project.refresh_from_db()
    return project


def test_results_are_asked_for_three_years_after_acceptance(accepted, people, now):
    assert results.asked_years(accepted, date(2024, 11, 12)) == [2023, 2024]
    for year in (2022, 2025, 2026):
        with pytest.raises(Refused, match="只报送 2023 至 2024 年"):
            results.tell(accepted, year, TOLD, actor=people.unit, at=now)
    with pytest.raises(Refused, match="承担单位报送"):
        results.tell(accepted, 2023, TOLD, actor=people.county, at=now)
    with pytest.raises(Refused, match="已转化应用"):
        results.tell(accepted, 2023, TOLD | {"converted": False}, actor=people.unit, at=now)
    row = results.tell(accepted, 2023, TOLD, actor=people.unit, at=now)
    again = results.tell(accepted, 2023, TOLD | {"papers": 2}, actor=people.unit, at=now)
    assert (row.pk, again.papers, again.standards) == (again.pk, 2, None)


def test_what_is_known_is_shown_and_what_cannot_be_is_refused(accepted, people, now):
    from keji.kernel.facts.models import FactFile

    results.tell(accepted, 2023, TOLD, actor=people.unit, at=now)
    assert results.known_of(accepted, 2024)["revenue"] == (3_000_000, "2023年报送")
    FactFile.objects.create(party=accepted.party, year=2024, values={"revenue": 2_000_000}, changed_at=now)
    with pytest.raises(Refused, match="大于六安明德机械有限公司2024年全年销售（营业）收入"):
        results.tell(accepted, 2024, TOLD, actor=people.unit, at=now)


def test_results_not_told_are_due(accepted, people, now):
    rows = Project.objects.all()
    assert [(d.what, d.on) for d in results.result_dues(rows, date(2024, 11, 12))] == [
        ("2023年成果跟踪", date(2024, 3, 31))
    ]
    results.tell(accepted, 2023, TOLD, actor=people.unit, at=now)
    assert results.result_dues(rows, date(2024, 11, 12)) == []
    Project.objects.update(conclusion="不通过")
    assert results.result_dues(rows, date(2025, 11, 12)) == []


def won(party, at, actor, **changes):
    row = {
        "party": party, "title": "高端装备关键部件", "level": "provincial", "plan_name": "省科技创新攻坚计划",
        "code": "202423h08050001", "won_on": date(2024, 5, 20), "grant": 2_000_000,
    } | changes  # fmt: skip
    return higher.report_higher([row], actor=actor, at=at, source="page")[0]


def test_a_higher_project_counts_once_another_person_confirms(firm, people, city, now):
    count, money = get("higher_projects"), get("higher_funding")
    row = won(firm, now, people.officer)
    assert not count.records(Period.month(2024, 11)).exists()
    with pytest.raises(Refused, match="两个人"):
        take("confirm", row, actor=people.officer, at=now)
    row = take("confirm", row, actor=people.second, at=now)
    assert count.figures(Period.month(2024, 11)) == {"341502": Decimal(1)}
    assert money.figures(Period.month(2024, 11)) == {"341502": Decimal(2_000_000)}
    assert not count.records(Period.month(2024, 4)).exists() and not count.records(Period.month(2025, 1)).exists()
    assert count.why_entered([row.pk], Period.month(2024, 5)) == {row.pk: "新增"}
    assert count.why_entered([row.pk], Period.month(2024, 11)) == {row.pk: "迟报"}
    with pytest.raises(Refused, match="先退回更正"):
        higher.correct_higher(row, {"grant": 1}, actor=people.officer, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        won(firm, now, people.officer)
    take("void", row, actor=people.officer, at=now, reason="重复登记")
    assert won(firm, now, people.officer).state == "reported"


def test_a_unit_reports_its_own_higher_project(firm, make_party, people, now):
    won(firm, now, people.unit)
    won(make_party(region="341525"), now, people.officer, code="2")
    assert HigherProject.objects.visible_to(people.unit).count() == 1
    assert HigherProject.objects.visible_to(people.county).count() == 1
    assert HigherProject.objects.visible_to(people.inspector).count() == 2


def test_reports_on_time_are_a_share_cut_down(make_party, programme, city, now):
    rows = [registered(make_party(), programme, now, title=f"项目{n}", ends_on=date(2025, 4, 30)) for n in range(3)]
    for row, day in zip(rows[:2], (date(2023, 12, 20), date(2024, 1, 5)), strict=True):
        with on(day) as at:
            YearReport.objects.create(project=row, year=2023, progress="按计划", reported_at=at, reported_by="赵工")
    share = get("project_reports_on_time").figures(Period.month(2024, 11))
    assert share == {"341502": Decimal("33.33"), "341500": Decimal("33.33")}


def test_acceptance_on_time_counts_from_the_last_day(make_party, programme, city, now):
    made = [
        registered(make_party(), programme, now, title=f"项目{n}", ends_on=day)
        for n, day in enumerate((date(2024, 2, 1), date(2024, 3, 1), date(2024, 11, 1)))
    ]
    with on(date(2024, 4, 20)) as at:
        made[0].acceptances.create(round=1, summary="完成", applied_at=at, applied_by="赵工")
    with on(date(2024, 6, 2)) as at:
        made[1].acceptances.create(round=1, summary="完成", applied_at=at, applied_by="赵工")
    assert get("project_acceptance_on_time").figures(Period.month(2024, 11))["341500"] == Decimal("50.00")


# --- 联合攻关 ---


@pytest.fixture
def joint(firm, now):
    programme = Programme.objects.create(name="市联合攻关计划", kind="joint")
    project = registered(firm, programme, now, ends_on=date(2026, 4, 30), paid=0)
    Project.objects.filter(pk=project.pk).update(state="established", signed_on=None)
    project.refresh_from_db()
    return project


def test_a_joint_project_is_shared_to_the_yuan_and_agreed_by_all(joint, make_party, person, actor_for, people, now):
    other = make_party("皖西某学院", kind="institution")
    partner = actor_for(person("institution", "partner", party=other))
    rows = [
        {"party": joint.party, "task": "总体和样机", "grant": 200_000, "own_money": 0},
        {"party": other, "task": "算法", "grant": 99_999, "own_money": 0},
    ]
    with pytest.raises(Refused, match="应等于核定资助 30 万元"):
        shares.save_shares(joint, rows, actor=people.unit, at=now)
    with pytest.raises(Refused, match="至少有两家"):
        shares.save_shares(joint, rows[:1], actor=people.unit, at=now)
    with pytest.raises(Refused, match="牵头单位填写"):
        shares.save_shares(joint, rows, actor=partner, at=now)
    assert taskbook.joint_problem(joint) == "联合攻关分工还没有填写"
    rows[1]["grant"] = 100_000
    made = shares.save_shares(joint, rows, actor=people.unit, at=now)
    assert [(s.lead, s.agreed_at is not None) for s in made] == [(True, True), (False, False)]
    assert taskbook.joint_problem(joint) == "皖西某学院还没有确认分工"
    with pytest.raises(Refused, match="参加单位自己确认"):
        shares.agree(made[1], actor=people.unit, at=now)
    shares.agree(made[1], actor=partner, at=now)
    assert taskbook.joint_problem(joint) == ""
    assert list(Share.objects.visible_to(partner)) == [made[1]]
    shares.save_shares(joint, [rows[0], rows[1] | {"task": "算法和测试"}], actor=people.unit, at=now)
    assert taskbook.joint_problem(joint) == "皖西某学院还没有确认分工"
