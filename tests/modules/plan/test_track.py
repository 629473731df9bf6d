"""Lights, rates, forecasts and empties of the tracker, on the figures of the real plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from keji.kernel.audit.log import log, writing
from keji.kernel.indicators.models import Reading, ReportedFigure
from keji.kernel.people.roles import Actor
from keji.lib.figures import Period
from keji.lib.pace import LightKind
from keji.modules.plan.models import Allocation
from keji.modules.plan.services.progress import confirm_progress, file_progress
from keji.modules.plan.services.track import counted_by_light, track

pytestmark = pytest.mark.django_db
TODAY = date(2024, 11, 12)


def one(plan, on=TODAY, **kw):
    [line] = track(plan, on=on, **kw)
    return line


def report(city, now, code="t_share", period="2024-10", value="1.65", **fields):
    return ReportedFigure.objects.create(
        number=f"SB-{ReportedFigure.objects.count() + 1}", indicator=code, region=fields.pop("region", city),
        period=period, value=Decimal(value), state="confirmed", caliber="累计", owner="市财政局", created_at=now,
        updated_at=now, **fields,
    )  # fmt: skip


@pytest.fixture
def progress(city, now):
    def file(target, value=None, *, on_city=city, period=(2024, 10), done=False, done_on=None, confirm=True):
        row = file_progress(
            target, on_city, Period.month(*period), value=None if value is None else Decimal(value), done=done,
            done_on=done_on, evidence="工作台账", actor=Actor.system(), at=now,
        )  # fmt: skip
        return confirm_progress(row, actor=Actor.system(), at=now) if confirm else row

    return file


@pytest.fixture
def frozen(city, now):
    def make(value, code="t_stock", month=10):
        period = Period.month(2024, month)
        return Reading.objects.create(
            indicator=code, region=city, period=str(period), as_of=period.end, value=Decimal(value), source="市科技局",
            frozen_at=now, frozen_by="系统",
        )  # fmt: skip

    return make


@pytest.mark.parametrize(
    ("month", "value", "light", "completion"),
    [
        # 高企总数 750家以上 from a base of 684: 66 to gain, by 31 October 83.3 % of them, 739 firms.
        (10, "739", LightKind.ON_PACE, "0.9853"),
        (10, "738", LightKind.BEHIND, "0.9840"),
        (10, "733", LightKind.BEHIND, "0.9773"),
        (10, "732", LightKind.AT_RISK, "0.9760"),
        (10, "751", LightKind.ON_PACE, "1.0013"),
        (12, "750", LightKind.DONE, "1.0000"),
        (12, "752", LightKind.OVER, "1.0027"),
    ],
)
def test_750_firms_are_judged_by_the_way_from_the_years_base(
    month, value, light, completion, plan, make_target, indicators, frozen
):
    make_target("高新技术企业总数", "ge", "750", indicator="t_stock", base="684")
    frozen(value, month=month)
    line = one(plan, on=date(2025, 1, 5), period=Period.month(2024, month))
    assert line.light.kind is light, line.light.reason
    assert round(line.completion, 4) == Decimal(completion)


@pytest.mark.parametrize(
    ("op", "value", "unit", "have", "light"),
    [
        ("ge", "4", "家", "3", LightKind.BEHIND),  # 新增科技创新平台4家: 3.33 by the end of October
        ("eq", "1", "家", "1", LightKind.DONE),  # 省科技企业孵化器1家
        ("ge", "10", "个", "9", LightKind.ON_PACE),  # 引入科创团队10个以上
        ("eq", "20", "家", "13", LightKind.AT_RISK),  # 科技特派团达到20家
        ("ge", "34", "亿元", "35.2", LightKind.OVER),  # 人工智能产业产值34亿元以上
        ("about", "5", "次", "5", LightKind.DONE),  # 应用场景对接活动5次左右
        ("drive_to_zero", None, "家", "0", LightKind.ON_PACE),  # 动态“清零”
        ("coverage_all", None, "%", "96", LightKind.BEHIND),  # 应评尽评
    ],
)
def test_filed_targets_of_the_real_plan_get_their_lights(op, value, unit, have, light, plan, make_target, progress):
    target = make_target("目标", op, value, unit=unit, base="31")
    progress(target, have)
    line = one(plan)
    assert line.light.kind is light, line.light.reason


def test_a_stock_far_behind_is_red_and_says_by_how_much(plan, make_target, indicators, certify):
    make_target("高新技术企业总数", "ge", "8", indicator="t_stock", base="4")
    certify(5)
    line = one(plan)
    assert line.light.kind is LightKind.AT_RISK
    assert "应走完全程的" in line.light.reason and "实际 5家" in line.light.reason


def test_a_register_is_not_late_before_it_opens_on_27_june(plan, make_target, indicators, enlist):
    make_target("评价入库科技型中小企业", "ge", "10", indicator="t_season")
    assert one(plan, on=date(2024, 6, 26)).light.kind is LightKind.NOT_STARTED
    assert one(plan, on=date(2024, 8, 30)).light.kind is LightKind.AT_RISK
    enlist(9)
    line = one(plan)
    assert line.light.kind is LightKind.ON_PACE
    assert line.outlook.forecast.mid > 10 and "开放以来" in line.outlook.forecast.sentence
    assert not line.will_miss


def test_a_stock_that_lapses_in_the_rest_of_the_year_is_forecast_to_fall(plan, make_target, indicators, certify):
    make_target("高新技术企业总数", "ge", "8", indicator="t_stock", base="4")
    certify(6)
    certify(3, until=date(2024, 11, 30))
    line = one(plan)
    assert line.light.kind is LightKind.ON_PACE and "到期" in line.light.reason
    assert line.outlook.lapsing == 3
    assert line.outlook.forecast.mid == 6
    assert line.will_miss and line.threatened
    assert "到期 3家" in line.outlook.forecast.sentence


def test_what_came_this_year_goes_on_coming_in_the_forecast(plan, make_target, indicators, certify, freeze_month):
    make_target("高新技术企业总数", "ge", "8", indicator="t_stock")
    certify(4)
    freeze_month(2023, 12)
    certify(4, since=date(2024, 5, 1))
    line = one(plan)
    assert line.base == 4, "the year's base is what was frozen for December"
    assert line.outlook.forecast.mid == 9, "4 in 317 days, 49 days to go"
    assert not line.will_miss


def test_a_share_is_a_level_and_keeps_the_day_it_speaks_of(plan, make_target, indicators, city, now):
    """财政科技支出占比 1.8%: 1.65 falls short by 0.15 points."""
    make_target("财政科技支出占比", "eq", "1.8", unit="%", indicator="t_share")
    assert one(plan).light.kind is LightKind.NOT_REPORTED
    report(city, now)
    line = one(plan)
    assert (line.figure.as_of, line.figure.source) == (date(2024, 10, 31), "市财政局")
    assert line.light.kind is LightKind.BEHIND and "差 0.15 个百分点" in line.light.reason
    assert round(line.completion, 4) == Decimal("0.9167")
    assert line.outlook is None


def test_exactly_fifteen_per_cent_meets_at_least_fifteen(plan, make_target, indicators, city, now):
    """全社会研发经费增长15%以上: 24.15 over 21.00 is exactly 15 %, whatever binary floats say."""
    indicators["t_share"].__class__.unit = "亿元"
    make_target("全社会研发经费", "growth_ge", "15", unit="%", indicator="t_share")
    report(city, now, value="24.15", base_value=Decimal("21.00"), reported_rate=Decimal("15.8"))
    line = one(plan)
    assert line.light.kind is LightKind.ON_PACE
    assert line.rate == 15 and line.shown == "15.00%"
    assert line.figure.reported_rate == Decimal("15.8") and line.figure.rates_differ
    assert line.completion is None


def test_growth_without_a_base_or_from_zero_never_divides(plan, make_target, indicators, certify):
    make_target("入库数", "growth_ge", "10", unit="%", indicator="t_season")
    make_target("证书数", "growth_ge", "10", unit="%", indicator="t_stock", base="0")
    make_target("证书数", "multiple", "2", unit="倍", indicator="t_stock", base="0")
    make_target("清零", "ge", "0", indicator="t_stock")
    certify(3)
    lines = track(plan, on=TODAY)
    assert [line.completion for line in lines] == [None] * 4
    assert {line.light.kind for line in lines[:3]} == {LightKind.NOT_APPLICABLE}
    assert "基数" in lines[0].light.reason


def test_three_empties_differ(plan, make_target, indicators, city, now, progress):
    share = make_target("占比", "ge", "1.8", unit="%", indicator="t_share")
    zero = make_target("新增平台", "ge", "4")
    Reading.objects.create(
        indicator="t_share", region=city, period="2024-09", as_of=date(2024, 9, 30), empty="not_applicable",
        source="市财政局", frozen_at=now, frozen_by="系统",
    )  # fmt: skip
    assert [line.shown for line in track(plan, on=TODAY)] == ["未报", "未报"]
    progress(zero, "0")
    lines = {line.target.pk: line for line in track(plan, on=TODAY)}
    assert lines[zero.pk].shown == "0家" and lines[zero.pk].light.kind is LightKind.AT_RISK
    assert lines[share.pk].shown == "未报"


def test_progress_counts_only_once_another_person_confirmed_it(
    plan, make_target, city, officer, person, actor_for, now
):
    target = make_target("新增科技创新平台", "ge", "4")
    mine, other = actor_for(officer), actor_for(person("officer"))
    row = file_progress(target, city, Period.month(2024, 10), value=Decimal(3), evidence="省厅公告", actor=mine, at=now)
    line = one(plan)
    assert line.shown == "未报" and line.figure.waiting
    with pytest.raises(Exception, match="两个人"):
        confirm_progress(row, actor=mine, at=now)
    confirm_progress(row, actor=other, at=now)
    assert one(plan).figure.value == 3


def test_a_milestone_is_done_or_on_its_way_or_unreported(plan, make_target, progress):
    target = make_target("推进工大智谷落户", "milestone", basis="milestone", unit="")
    assert one(plan).light.kind is LightKind.NOT_REPORTED
    progress(target, period=(2024, 9))
    assert (one(plan).light.kind, one(plan).shown) == (LightKind.ON_PACE, "在办")
    progress(target, done=True, done_on=date(2024, 10, 20))
    assert (one(plan).light.kind, one(plan).shown) == (LightKind.DONE, "已完成")


def test_a_figure_months_old_no_longer_speaks_for_today(plan, make_target, progress):
    target = make_target("新增科技创新平台", "ge", "4")
    progress(target, "1", period=(2024, 3))
    assert one(plan, on=date(2024, 4, 20)).light.kind is LightKind.ON_PACE
    line = one(plan)
    assert line.stale and line.light.kind is LightKind.AT_RISK


def test_about_2500_commissioners_within_a_twentieth(plan, make_target, progress):
    target = make_target("全市科技特派员总数", "about", "2500", unit="人")
    progress(target, "2410")
    assert one(plan).light.kind in (LightKind.DONE, LightKind.ON_PACE)
    assert one(plan).wanted == "2,500人左右"


def test_past_months_show_what_was_frozen_then(plan, make_target, indicators, certify, freeze_month):
    make_target("高新技术企业总数", "ge", "8", indicator="t_stock", base="4")
    certify(5)
    freeze_month(2024, 9)
    certify(2, since=date(2024, 8, 1))  # reported late: the frozen September stays what it was
    assert one(plan, period=Period.month(2024, 9)).figure.value == 5
    assert one(plan, period=Period.month(2024, 9)).figure.version == 1
    assert one(plan).figure.value == 7 and one(plan).figure.live


def test_counties_have_their_own_lights_and_places(plan, make_target, indicators, certify, city, now):
    target = make_target("高新技术企业总数", "ge", "8", indicator="t_stock", by_county=True)
    for region, value in (("341502", 4), ("341503", 2), ("341504", 2)):
        Allocation.objects.create(
            number=f"FJ-2024-{region}", region_id=region, target=target, value=value, base=0, state="issued",
            created_at=now, updated_at=now,
        )  # fmt: skip
    certify(4, "341502")
    certify(2, "341503")
    certify(1, "341504")
    line = one(plan)
    found = {c.region.code: c for c in line.counties}
    assert [found[r].rank for r in ("341502", "341503", "341504")] == [1, 1, 3]
    assert found["341504"].light.kind is LightKind.AT_RISK
    assert found["341522"].light.kind is LightKind.NOT_APPLICABLE and found["341522"].rank is None
    assert found["341522"].figure.value == 0, "counted zero is not “未报”"


def test_a_late_county_is_named_beside_the_sum(plan, make_target, progress, city):
    from keji.kernel.parties.models import Region

    target = make_target("应用场景对接活动", "about", "5", unit="次", by_county=True)
    progress(target, "2", on_city=Region.objects.get(pk="341502"))
    progress(target, "1", on_city=Region.objects.get(pk="341503"))
    figure = one(plan).figure
    assert figure.value == 3 and "霍邱" in figure.missing and len(figure.missing) == 6


def test_the_whole_plan_takes_few_queries(
    plan, make_target, indicators, certify, progress, django_assert_max_num_queries
):
    for n in range(20):
        make_target(f"目标{n}", "ge", "8", indicator="t_stock" if n % 2 else "t_season", base="4", by_county=True)
        progress(make_target(f"填报{n}", "ge", "8"), "3")
    certify(5)
    with django_assert_max_num_queries(16):  # one more a counted figure: has anything been logged since it was counted?
        lines = track(plan, on=TODAY)
    assert len(lines) == 40
    assert sum(n for _, n in counted_by_light(lines)) == 40


def test_a_tracker_seen_before_shows_what_has_been_written_since(plan, make_target, indicators, certify, progress, now):
    target, other = make_target("高企", "ge", "8", indicator="t_stock"), make_target("技术合同", "ge", "8")
    certify(2)
    assert [line.figure.value for line in track(plan, on=TODAY)] == [2, None]
    certify(1)
    progress(other, "3")
    with writing(Actor.system(), now):
        target.subject = "高新技术企业"
        target.save()
        log("修改", target)
    lines = track(plan, on=TODAY)
    assert [(line.target.subject, line.figure.value) for line in lines] == [("高新技术企业", 3), ("技术合同", 3)]
