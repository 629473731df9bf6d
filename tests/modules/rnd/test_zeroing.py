"""双清零: who is in scope, why a firm is not clear, how the list follows the facts, how people clear it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from keji.kernel import clock
from keji.kernel.indicators.freeze import live
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import run_job
from keji.kernel.records.flow import Refused, take
from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import Period
from keji.modules.rnd.indicators import ZeroingLeft
from keji.modules.rnd.models import ZeroingCase
from keji.modules.rnd.services.scope import standings
from keji.modules.rnd.services.zeroing import assign_cases, log_visit, recompute

from .conftest import SYSTEM

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)
NOTHING = {"project_count": 0, "rnd_expense": Decimal(0), "institutes": 0}
CLEAR = {"project_count": 2, "rnd_expense": Decimal(3_000_000), "institutes": 1}


@pytest.fixture
def maker(make_party):
    return lambda **kwargs: make_party(industry_code=kwargs.pop("industry_code", "3670"), **kwargs)


@pytest.mark.parametrize(
    ("revenue", "industry", "above", "inside"),
    [
        (YI, "3670", True, True),
        (YI - Decimal("0.01"), "3670", True, False),
        (YI, "1399", None, True),
        (YI, "4300", True, True),
        (YI, "C3670", True, True),
        (YI, "4411", True, False),
        (YI, "", True, False),
        (YI, "3670", False, False),
    ],
)
def test_scope_is_large_manufacturing_above_scale(maker, stated, now, revenue, industry, above, inside):
    party = maker(industry_code=industry)
    stated(party, 2023, revenue=revenue, above_scale=above, **NOTHING)
    assert (party.pk in standings(now.date())) is inside


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (NOTHING, "both"),
        (NOTHING | {"institutes": 1}, "no_activity"),
        (CLEAR | {"institutes": 0}, "no_institute"),
        (CLEAR | {"rnd_expense": Decimal(0)}, "no_activity"),
        (CLEAR | {"project_count": 0}, "no_activity"),
        (CLEAR, ""),
    ],
)
def test_the_reason_is_what_is_lacking(maker, stated, now, facts, reason):
    party = maker()
    stated(party, 2023, revenue=YI, **facts)
    assert standings(now.date())[party.pk].reason == reason


def test_figures_nobody_confirmed_decide_nothing(maker, stated, now):
    stated(maker(), 2023, revenue=YI, confirm=False, **NOTHING)
    assert standings(now.date()) == {}


def test_while_last_year_s_statements_are_not_out_the_year_before_holds(maker, stated):
    party = maker()
    stated(party, 2022, revenue=YI, **NOTHING)
    assert party.pk in standings(date(2024, 2, 1))
    assert party.pk not in standings(date(2025, 2, 1))


def test_a_filed_project_with_spending_is_activity_until_the_statement_is_out(maker, stated, noted, spend, now):
    party = maker()
    stated(party, 2023, revenue=YI, **(NOTHING | {"institutes": 1}))
    project = noted(party=party)
    assert standings(now.date())[party.pk].reason == "no_activity"
    spend(project, 2024, 5, staff_cost=1000)
    found = standings(now.date())[party.pk]
    assert found.reason == ""
    assert "年报未出，暂按备案记录" in found.basis
    stated(party, 2024, revenue=YI, **(NOTHING | {"institutes": 1}))
    assert standings(now.date())[party.pk].reason == "no_activity"


def test_what_counts_as_an_institute_is_a_parameter(maker, stated, now):
    party = maker()
    stated(party, 2023, revenue=YI, **CLEAR)
    assert standings(now.date())[party.pk].reason == ""
    ParameterValue.objects.filter(name="rnd.zeroing.institute_means").update(value=2)
    found = standings(now.date())[party.pk]
    assert found.reason == "no_institute"
    assert "市级以上认定的研发机构" in found.basis


def test_the_list_opens_narrows_and_says_when_the_records_answer(maker, stated, noted, spend, now):
    party = maker()
    stated(party, 2022, revenue=YI / 2, **NOTHING)
    stated(party, 2023, revenue=YI, **NOTHING)
    assert recompute(actor=SYSTEM, at=now)["opened"] == 1
    case = ZeroingCase.objects.get()
    assert (case.reason, case.newly, case.state, case.number[:7]) == ("both", True, "open", "QL-2024")
    assert recompute(actor=SYSTEM, at=now) == {"opened": 0, "narrowed": 0, "answered": 0, "left": 0}
    spend(noted(party=party), 2024, 5, staff_cost=1000)
    assert recompute(actor=SYSTEM, at=now)["narrowed"] == 1
    assert ZeroingCase.objects.get().reason == "no_institute"
    stated(party, 2024, revenue=YI, **CLEAR)
    assert recompute(actor=SYSTEM, at=now)["answered"] == 1
    case.refresh_from_db()
    assert (case.state, bool(case.seen)) == ("open", True), "only a person clears"


def test_in_the_early_morning_the_day_is_the_bureau_s_own(maker, stated):
    stated(maker(), 2023, revenue=YI, **NOTHING)
    half_past_five = datetime(2024, 10, 31, 21, 30, tzinfo=UTC)  # 1 November in the bureau
    recompute(actor=SYSTEM, at=half_past_five)
    assert ZeroingCase.objects.get().entered_on == date(2024, 11, 1)


def test_a_firm_that_shrinks_leaves_the_list(maker, stated, now):
    party = maker()
    stated(party, 2022, revenue=YI, **NOTHING)
    with clock.stopped_at(datetime(2023, 12, 20, 9)):
        recompute(actor=SYSTEM, at=clock.now())
    stated(party, 2023, revenue=YI / 2, **NOTHING)
    assert recompute(actor=SYSTEM, at=now)["left"] == 1
    assert (ZeroingCase.objects.get().state, ZeroingCase.objects.get().open) == ("left", False)


def test_cleared_by_evidence_that_a_second_person_confirms(maker, stated, noted, spend, now, person, actor_for):
    party = maker()
    stated(party, 2023, revenue=YI, **(NOTHING | {"institutes": 1}))
    recompute(actor=SYSTEM, at=now)
    case = ZeroingCase.objects.get()
    county, officer = actor_for(person("county", region="341502")), actor_for(person("officer"))
    project, strange = noted(party=party), noted()

    def claim(number, kind="project", actor=county):
        return take("claim", case, actor=actor, at=now, evidence=kind, evidence_number=number)

    for number, kind, words in (
        ("YF-2024-9999", "project", "没有编号为"),
        (strange.number, "project", "不是“"),
        (project.number, "project", "还没有填过研发支出"),
        (project.number, "platform", "编号应以 PT- 开头"),
        ("", "project", "请写明清零依据"),
    ):
        with pytest.raises(Refused, match=words):
            claim(number, kind)
    spend(project, 2024, 5, staff_cost=1000)
    claimed = claim(project.number.lower())
    with pytest.raises(Refused, match="确认清零由业务科室办理"):
        take("confirm", claimed, actor=county, at=now)
    done = take("confirm", claimed, actor=officer, at=now)
    assert (done.state, done.settled_on, done.open) == ("cleared", now.date(), False)
    assert recompute(actor=SYSTEM, at=now)["opened"] == 0


def test_whoever_claims_does_not_confirm(maker, stated, noted, spend, now, person, actor_for):
    party = maker()
    stated(party, 2023, revenue=YI, **(NOTHING | {"institutes": 1}))
    recompute(actor=SYSTEM, at=now)
    officer = actor_for(person("officer"))
    project = noted(party=party)
    spend(project, 2024, 5, staff_cost=1000)
    case = take(
        "claim", ZeroingCase.objects.get(), actor=officer, at=now, evidence="project", evidence_number=project.number
    )
    with pytest.raises(Refused, match="提请和确认必须是两个人"):
        take("confirm", case, actor=officer, at=now)


def test_half_an_evidence_does_not_clear_a_firm_that_lacks_both(maker, stated, noted, spend, now):
    party = maker()
    stated(party, 2023, revenue=YI, **NOTHING)
    recompute(actor=SYSTEM, at=now)
    project = noted(party=party)
    spend(project, 2024, 5, staff_cost=1000)
    with pytest.raises(Refused, match="还缺：无研发机构的佐证"):
        take(
            "claim", ZeroingCase.objects.get(), actor=SYSTEM, at=now, evidence="project", evidence_number=project.number
        )


@pytest.mark.parametrize(("until", "words"), [(date(2024, 10, 31), "已经过期"), (date(2027, 1, 1), "")])
def test_a_recognised_institute_clears_while_it_is_valid(maker, stated, now, until, words):
    from keji.modules.platforms.models import Platform

    party = maker()
    stated(party, 2023, revenue=YI, **(CLEAR | {"institutes": 0}))
    recompute(actor=SYSTEM, at=now)
    about = {"kind": "enterprise_rnd_centre", "level": "city", "name": "某企业研发中心", "state": "confirmed"}
    stamps = {"recognised_on": date(2024, 1, 1), "created_at": now, "updated_at": now, "number": "PT-2024-0001"}
    Platform.objects.create(party=party, region_id=party.region_id, valid_until=until, **about, **stamps)
    case, said = ZeroingCase.objects.get(), {"evidence": "platform", "evidence_number": "PT-2024-0001"}
    if words:
        with pytest.raises(Refused, match=words):
            take("claim", case, actor=SYSTEM, at=now, **said)
    else:
        case = take("claim", case, actor=SYSTEM, at=now, **said)
        assert take("confirm", case, actor=SYSTEM, at=now).state == "cleared"


def test_a_later_statement_brings_a_cleared_firm_back(maker, stated, noted, spend, now):
    party = maker()
    stated(party, 2023, revenue=YI, **(NOTHING | {"institutes": 1}))
    recompute(actor=SYSTEM, at=now)
    project = noted(party=party)
    spend(project, 2024, 5, staff_cost=1000)
    case = ZeroingCase.objects.get()
    case = take("claim", case, actor=SYSTEM, at=now, evidence="project", evidence_number=project.number)
    take("confirm", case, actor=SYSTEM, at=now)
    with clock.stopped_at(datetime(2025, 4, 10, 9)):
        later = timezone.make_aware(datetime(2025, 4, 10, 9))
        from keji.modules.rnd.services.statements import report_statements

        row = {"party": party, "year": 2024, "revenue": YI, **NOTHING}
        record = report_statements([row], actor=SYSTEM, at=later, source="sheet")[0]
        take("confirm", record, actor=SYSTEM, at=later)
        assert recompute(actor=SYSTEM, at=later)["opened"] == 1


def test_the_indicator_counts_what_was_left_on_the_last_day_of_the_month(maker, stated, now, noted, spend, city):
    for _ in range(3):
        stated(maker(), 2023, revenue=YI, **(NOTHING | {"institutes": 1}))
    with clock.stopped_at(datetime(2024, 9, 10, 9)):
        recompute(actor=SYSTEM, at=clock.now())
    case = ZeroingCase.objects.first()
    project = noted(party=case.party)
    spend(project, 2024, 10, staff_cost=1000)
    case = take("claim", case, actor=SYSTEM, at=now, evidence="project", evidence_number=project.number)
    take("confirm", case, actor=SYSTEM, at=now)
    figures = {m: live(ZeroingLeft(), Period.month(2024, m))["341500"].value for m in (8, 9, 10, 11)}
    assert figures == {8: 0, 9: 3, 10: 3, 11: 2}
    assert ZeroingLeft().why_left([case.pk], Period.month(2024, 11)) == {case.pk: "清零"}


def test_handing_out_a_county_and_who_may_take(maker, stated, now, person, actor_for):
    for _ in range(2):
        stated(maker(region="341502"), 2023, revenue=YI, **NOTHING)
    recompute(actor=SYSTEM, at=now)
    officer, own, other = person("officer"), person("county", region="341502"), person("county", region="341503")
    cases, due = list(ZeroingCase.objects.all()), now.date() + timedelta(days=20)
    done, refused = assign_cases(cases, other.pk, due_on=due, actor=actor_for(officer), at=now)
    assert (done, len(refused)) == (0, 2)
    assert "企业所在县区" in refused[0]
    assert assign_cases(cases, own.pk, due_on=due, actor=actor_for(officer), at=now) == (2, [])
    assert set(ZeroingCase.objects.values_list("officer", "due_on", "state")) == {(own.pk, due, "assigned")}


def test_visits_are_logged_and_not_in_advance(maker, stated, now):
    stated(maker(), 2023, revenue=YI, **NOTHING)
    recompute(actor=SYSTEM, at=now)
    case = ZeroingCase.objects.get()
    with pytest.raises(Refused, match="在今天之后"):
        log_visit(case, on=date(2024, 12, 1), way="visit", found="x", agreed="", actor=SYSTEM, at=now)
    log_visit(case, on=date(2024, 11, 1), way="visit", found="没有立项", agreed="辅导立项", actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="没有重复登记"):  # the form was sent twice
        log_visit(case, on=date(2024, 11, 1), way="visit", found="没有立项", agreed="辅导立项", actor=SYSTEM, at=now)
    assert case.visits.get().found == "没有立项"


def test_the_daily_job_says_what_it_did(maker, stated, now):
    stated(maker(), 2023, revenue=YI, **NOTHING)
    row = Job.objects.create(kind="rnd_zeroing", title="双清零名单每日更新", created_at=now)
    run_job.func(row.pk)
    row.refresh_from_db()
    assert (row.state, row.message) == ("done", "新列入 1 家，原因变化 0 家，查到佐证 0 家，退出范围 0 家。")


def test_a_thousand_firms_cost_a_handful_of_queries(maker, now, django_assert_max_num_queries, city):
    from keji.kernel.parties.models import Party
    from keji.modules.rnd.services.statements import confirm_in_bulk, report_statements

    parties = [
        Party(uscc=f"X{n:017d}", name=f"企业{n}", region_id="341502", industry_code="3670", created_at=now)
        for n in range(1000)
    ]
    Party.objects.bulk_create(parties)
    rows = [{"party": p, "year": 2023, "revenue": YI, **NOTHING} for p in parties]
    made = report_statements(rows, actor=SYSTEM, at=now, source="sheet")
    assert confirm_in_bulk([r.pk for r in made], actor=SYSTEM, at=now) == 1000
    with django_assert_max_num_queries(30):
        assert len(standings(now.date())) == 1000
    with django_assert_max_num_queries(70):
        assert recompute(actor=SYSTEM, at=now)["opened"] == 1000
