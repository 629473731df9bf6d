"""Spending month by month: what may be entered when, units that are asked about, and the two totals from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from keji.kernel.audit.models import Entry
from keji.kernel.records.flow import Refused, take
from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import Period
from keji.lib.sheet import SheetError
from keji.modules.rnd.models import SpendMonth
from keji.modules.rnd.services.due import dues_of, kept_in, months_of
from keji.modules.rnd.services.spending import last_month_of, save_months
from keji.modules.rnd.services.totals import both, items_of_party, super_deduction
from keji.modules.rnd.services.units import read_spending

from .conftest import SYSTEM, workbook

pytestmark = pytest.mark.django_db
HEADS = ("项目编号", "年度", "月份")


def test_a_month_is_entered_and_corrected_and_both_are_on_the_log(noted, spend):
    project = noted()
    record = spend(project, 2024, 5, staff_cost="10000.50", other_cost=99)
    assert (record.total, record.source) == (Decimal("10099.50"), "bureau")
    spend(project, 2024, 5, staff_cost=12_000)
    assert SpendMonth.objects.get().total == 12_000
    last = Entry.objects.latest("position")
    assert (last.action, last.changes["2024年5月其他费用"]) == ("更正支出", ["99.00", "0"])
    count = Entry.objects.count()
    spend(project, 2024, 5, staff_cost=12_000)
    assert Entry.objects.count() == count, "saying the same again changes nothing"


@pytest.mark.parametrize(
    ("year", "month", "words"),
    [(2024, 2, "之前的月份不填"), (2024, 12, "还没有到，不能提前填"), (2025, 1, "还没有到")],
)
def test_months_outside_the_project_or_to_come_are_refused(noted, spend, year, month, words):
    with pytest.raises(Refused, match=words):
        spend(noted(), year, month, staff_cost=1)


def test_a_closed_project_and_a_confirmed_year_take_no_more_months(noted, spend, stated, now, make_party):
    party = make_party()
    first = noted(party=party)
    stated(party, 2024, project_count=1, rnd_expense=100)
    with pytest.raises(Refused, match="2024年度的研发情况已经确认"):
        spend(first, 2024, 5, staff_cost=1)
    second = take("close", noted(), actor=SYSTEM, at=now, outcome="done", accepted_on=now.date())
    with pytest.raises(Refused, match="项目已结题，不能再填支出"):
        spend(second, 2024, 5, staff_cost=1)


def test_buildings_never_cost_more_than_all_depreciation(noted, spend):
    with pytest.raises(Refused, match="建筑物折旧大于"):
        spend(noted(), 2024, 5, depreciation=10, building_depreciation=11)


def test_a_sheet_of_a_year_is_one_entry_a_project_and_a_few_statements(noted, now, django_assert_max_num_queries):
    projects = [noted(starts="202401", ends="202412") for _ in range(20)]
    rows = [
        {"project": p, "year": 2024, "month": m, "staff_cost": Decimal(100)} for p in projects for m in range(1, 12)
    ]
    before = Entry.objects.count()
    with django_assert_max_num_queries(16):
        save_months(rows, actor=SYSTEM, at=now, source="sheet")
    assert Entry.objects.count() == before + 20
    with django_assert_max_num_queries(16):
        save_months([r | {"staff_cost": Decimal(90)} for r in rows], actor=SYSTEM, at=now, source="sheet")
    assert SpendMonth.objects.count() == 220
    assert set(SpendMonth.objects.values_list("total", flat=True)) == {Decimal(90)}


def test_last_month_is_offered(noted, spend):
    project = noted()
    assert last_month_of(project, 2024, 5) is None
    spend(project, 2024, 4, staff_cost=7)
    spend(project, 2024, 6, staff_cost=9)
    assert last_month_of(project, 2024, 5).month == 4


def test_the_two_totals_of_a_firm_come_from_the_same_months(noted, spend, make_party):
    party = make_party(industry_code="3670")
    project = noted(party=party)
    shares = {"staff_cost": 900, "direct_cost": 300, "depreciation": 200, "amortisation": 50, "design_cost": 30}
    spend(project, 2024, 4, **shares, trial_cost=20)
    spend(project, 2024, 5, commissioned_home=500, other_cost=520)
    recognised, deductible = both(items_of_party(party, 2024), 2024)
    assert (recognised.total, deductible.total) == (2375, Fraction(18400, 9))


def test_research_abroad_counts_by_the_number_in_force_in_its_year(noted, spend):
    project = noted()
    spend(project, 2024, 4, staff_cost=300, commissioned_abroad=1000)
    items = items_of_party(project.party, 2024)
    assert [both(items, year)[1].total for year in (2017, 2018, 2024)] == [300, 500, 500]
    cap = ParameterValue.objects.get(name="deduction.abroad_thirds", from_on=date(2018, 1, 1))
    ParameterValue.objects.create(
        name=cap.name, label=cap.label, value=1, from_on=date(2024, 1, 1), cites="试", state="in_force"
    )
    assert [both(items, year)[1].total for year in (2023, 2024)] == [500, 400]
    assert both(items, 2007) is None, "a year without numbers is not guessed"


@pytest.mark.parametrize(
    ("year", "industry", "ratio"),
    [(2017, "3670", "1/2"), (2020, "3670", "3/4"), (2021, "3670", "1"), (2021, "6510", "3/4"), (2023, "6510", "1")],
)
def test_the_ratio_is_the_one_in_force_in_the_year(make_party, year, industry, ratio):
    found, said = super_deduction(make_party(industry_code=industry), year)
    assert found == Fraction(ratio)
    assert "待核" in said


@pytest.mark.parametrize("code", ["5162", "F5162", "1610"])
def test_excluded_industries_have_none(make_party, code):
    assert super_deduction(make_party(industry_code=code), 2024) == (None, "所属行业不适用研发费用加计扣除")


# --- a sheet of months ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "value"), [("元", 12_345), ("千元", "12.345"), ("万元", "1.2345")])
def test_one_unit_in_the_header_is_converted_exactly(noted, now, unit, value):
    project = noted()
    sheet = workbook(
        [*HEADS, f"人员人工费用（{unit}）", f"其他费用（{unit}）"], [[project.number, 2024, 5, float(value), None]]
    )
    found = read_spending(sheet, {}, actor=SYSTEM, on=now.date())
    assert not found.asked
    assert not found.problems
    assert found.rows[0]["staff_cost"] == 12_345
    save_months(found.rows, actor=SYSTEM, at=now, source="sheet")
    assert SpendMonth.objects.get().total == 12_345


@pytest.mark.parametrize(
    "heads",
    [("人员人工费用", "其他费用"), ("人员人工费用（元）", "其他费用（万元）"), ("人员人工费用（万元）", "其他费用")],
)
def test_mixed_or_missing_units_are_asked_about_never_guessed(noted, now, heads):
    sheet = workbook([*HEADS, *heads], [[noted().number, 2024, 5, 3, 2]])
    found = read_spending(sheet, {}, actor=SYSTEM, on=now.date())
    assert found.asked
    assert found.rows == []
    answers = {"staff_cost": "万元", "other_cost": "千元"}
    found = read_spending(sheet, answers, actor=SYSTEM, on=now.date())
    assert (found.rows[0]["staff_cost"], found.rows[0]["other_cost"]) == (30_000, 2_000)


def test_the_page_asks_keeps_the_file_and_writes_after_the_answer(noted, person, enter, make_party):
    party = make_party()
    project = noted(party=party)
    client = enter(person("enterprise", party=party))
    sheet = workbook([*HEADS, "人员人工费用", "其他费用（万元）"], [[project.number, 2024, 5, 30_000, 2]])
    html = client.post("/rnd/spend/upload", {"file": SimpleUploadedFile("支出.xlsx", sheet)}).content.decode()
    assert "请确认每一列的单位" in html
    assert SpendMonth.objects.count() == 0
    sha = html.split('name="sha256" value="')[1][:64]
    answer = {"sha256": sha, "name": "支出.xlsx", "unit-staff_cost": "元", "unit-other_cost": "万元"}
    assert client.post("/rnd/spend/upload", answer).status_code == 302
    assert SpendMonth.objects.get().total == 50_000
    assert client.get("/d/rnd-spend/").status_code == 200


def test_rows_that_cannot_be_are_named_and_nothing_is_written(noted, draft, now, make_party, person, enter):
    party = make_party()
    project, strange = noted(party=party), noted()
    rows = [
        [project.number, 2024, 5, 1],
        [project.number, 2024, 5, 2],
        [project.number, 2024, 13, 1],
        [strange.number, 2024, 5, 1],
        [project.number, 2024, 6, -1],
        [project.number, 2024, 7, "0.001"],
    ]
    client = enter(person("enterprise", party=party))
    sheet = workbook([*HEADS, "人员人工费用（元）"], rows)
    html = client.post("/rnd/spend/upload", {"file": SimpleUploadedFile("支出.xlsx", sheet)}).content.decode()
    for words in ("与第 2 行是同一项目同一个月", "月份应是 1 至 12", "不在您的管理范围内", "不能为负", "不到分"):
        assert words in html, words
    assert SpendMonth.objects.count() == 0


def test_a_file_that_is_no_sheet_is_met_with_a_sentence(person, enter, make_party, now):
    client = enter(person("enterprise", party=make_party()))
    for content in (b"", b"not a workbook"):
        html = client.post("/rnd/spend/upload", {"file": SimpleUploadedFile("x.xlsx", content)}).content.decode()
        assert "alert" in html
    with pytest.raises(SheetError, match="没有任何一项费用的列"):
        read_spending(workbook([*HEADS, "备注"], [["YF-2024-0001", 2024, 5, "无"]]), {}, actor=SYSTEM, on=now.date())


def test_somebody_else_s_kept_file_is_not_taken_up(noted, person, enter, make_party):
    party = make_party()
    project = noted(party=party)
    sheet = workbook([*HEADS, "人员人工费用"], [[project.number, 2024, 5, 3]])
    client = enter(person("enterprise", party=party))
    html = client.post("/rnd/spend/upload", {"file": SimpleUploadedFile("支出.xlsx", sheet)}).content.decode()
    sha = html.split('name="sha256" value="')[1][:64]
    other = enter(person("county", region="341502"))
    other.post("/rnd/spend/upload", {"sha256": sha, "name": "x", "unit-staff_cost": "元"})
    assert SpendMonth.objects.count() == 0


def test_a_month_that_was_passed_over_stays_due(noted, spend, make_party):
    party = make_party()
    first, second = noted(party=party, starts="202401", ends=""), noted(party=party, starts="202408", ends="202410")
    for month in (1, 2, 3, 4, 5, 6, 7, 9, 10):
        spend(first, 2024, month, staff_cost=1)
    spend(second, 2024, 9, staff_cost=1)
    on = date(2024, 12, 10)
    found = [(d.title, d.done, d.of, d.words(on)) for d in dues_of(party, on) if d.url.startswith("/rnd/mine")]
    assert found == [
        ("2024年8月研发支出", 0, 2, "已过期 86 天"),
        ("2024年10月研发支出", 1, 2, "已过期 25 天"),
        ("2024年11月研发支出", 0, 1, "还有 5 天"),
    ]
    by_month = {d.title: d.of for d in months_of(party, 2024, 11, 15)}
    for month in range(1, 12):
        period = Period.month(2024, month)
        assert by_month[f"{period.label}研发支出"] == kept_in(period).filter(party=party).count()
