"""107-1, 107-2 and the ledger's summary: the columns of the form, 千元 that add up, checks beside the rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from keji.kernel.audit.models import Entry
from keji.modules.rnd.models import Code
from keji.modules.rnd.models.codes import edition
from keji.modules.rnd.services.exports import form_107_1, form_107_2, ledger_summary
from keji.modules.rnd.services.projects import update_year
from keji.modules.rnd.services.spending import save_month

from .conftest import SYSTEM, cells_of

pytestmark = pytest.mark.django_db


def table(content: bytes, first: str) -> tuple[list[str], list[list]]:
    rows = cells_of(content)
    at = next(i for i, row in enumerate(rows) if row[0] == first)
    return [str(c) for c in rows[at] if c is not None], rows[at + 1 :]


def test_107_1_has_one_row_a_project_and_thousands_that_add_up(noted, spend, make_party):
    party = make_party()
    for n in range(3):
        project = noted(party=party, name=f"项目{n}")
        spend(project, 2024, 4, staff_cost=1400)
    content, rows = form_107_1(SYSTEM, 2024)
    heads, lines = table(content, "企业")
    assert rows == 3
    assert heads[4:6] == ["1 项目来源", "2 项目开展形式"]
    assert heads[13:15] == ["10 项目经费支出（千元）", "11 其中：政府资金（千元）"]
    assert [line[13] for line in lines] == [2, 1, 1], "4.2 千元 round to 4, the remainder goes to the largest"
    assert lines[0][8:11] == ["202403", "202412", None]


def test_what_was_paid_to_others_is_not_internal_spending(noted, spend):
    spend(noted(), 2024, 4, staff_cost=5000, commissioned_home=9000)
    _, lines = table(form_107_1(SYSTEM, 2024)[0], "企业")
    assert lines[0][13] == 5


def test_the_ledger_s_total_stands_in_where_months_are_missing(noted, now):
    project = noted()
    update_year(project, 2024, {"ledger_total": Decimal(7_600), "government": Decimal(9_000)}, actor=SYSTEM, at=now)
    _, lines = table(form_107_1(SYSTEM, 2024)[0], "企业")
    assert lines[0][13] == 8
    assert "政府资金 9,000 元大于项目经费内部支出 7,600 元" in lines[0][15]


def test_an_open_end_is_written_as_six_zeros(noted, spend):
    project = noted(ends="")
    spend(project, 2024, 4, staff_cost=5000)
    _, lines = table(form_107_1(SYSTEM, 2024)[0], "企业")
    assert lines[0][9] == "000000"


def test_codes_follow_the_edition_of_the_year(noted, spend, db):
    spend(noted(), 2024, 4, staff_cost=5000)
    Code.objects.create(list="source", from_year=2024, code="10", label="本企业自选")
    Code.objects.create(list="source", from_year=2024, code="21", label="国家科技项目")
    assert set(edition("source", 2024)) == {"10", "21"}
    assert edition("source", 2023)["4"] == "本企业自选"
    _, lines = table(form_107_1(SYSTEM, 2024)[0], "企业")
    assert lines[0][4] is None, "entered in an edition without code 4: left blank, not guessed"


def test_a_project_of_an_earlier_edition_is_translated_by_its_name(noted, spend, now):
    project = noted(starts="202303", ends="202412", year=2023, stage_code="1")
    save_month(project, 2024, 4, {"staff_cost": Decimal(5000)}, actor=SYSTEM, at=now)
    Code.objects.create(list="source", from_year=2024, code="10", label="本企业自选")
    _, lines = table(form_107_1(SYSTEM, 2024)[0], "企业")
    assert lines[0][4] == "10"


def test_headings_and_codes_nobody_compared_say_so(noted, spend):
    spend(noted(), 2024, 4, staff_cost=5000)
    notes = " ".join(str(row[0]) for row in cells_of(form_107_1(SYSTEM, 2024)[0])[:5])
    assert "待核" in notes
    assert "余数" in notes


def test_107_2_is_in_thousands_and_blank_stays_blank(stated, make_party):
    stated(make_party(), 2024, revenue=Decimal("123456500"), project_count=0)
    heads, lines = table(form_107_2(SYSTEM, 2024)[0], "企业")
    row = dict(zip(heads, lines[0], strict=False))
    assert (row["营业收入（千元）"], row["研发项目数（项）"], row["研发费用合计（千元）"]) == (123_457, 0, None)


def test_the_ledger_s_caps_hold_over_all_projects_of_a_firm(noted, spend, make_party):
    party = make_party()
    first, second = noted(party=party, name="甲"), noted(party=party, name="乙")
    spend(first, 2024, 4, staff_cost=900, direct_cost=300, depreciation=200, amortisation=50, design_cost=30)
    spend(second, 2024, 5, trial_cost=20, commissioned_home=500, other_cost=520)
    heads, lines = table(ledger_summary(SYSTEM, 2024)[0], "统一社会信用代码")
    assert [line[3] for line in lines] == ["甲", "乙", "全部项目（2 项）"]
    whole = dict(zip(heads, lines[2], strict=False))
    assert whole["允许加计扣除的五项费用（元）"] == 1480
    assert whole["其他相关费用限额内（元）"] == 164.44
    assert whole["允许加计扣除合计（元）"] == 2044.44


def test_a_download_stays_within_reach_and_on_the_log(noted, spend, person, enter, make_party):
    own, other = make_party(), make_party(region="341503")
    spend(noted(party=own), 2024, 4, staff_cost=5000)
    spend(noted(party=other), 2024, 4, staff_cost=5000)
    client = enter(person("enterprise", party=own))
    assert client.get("/rnd/exports").status_code == 200
    answer = client.post("/rnd/exports/107-1", {"year": "2024"})
    _, lines = table(answer.content, "企业")
    assert [line[0] for line in lines] == [own.name]
    assert Entry.objects.latest("position").action == "导出107-1表"
    assert client.get("/rnd/exports/107-1").status_code == 405
    assert client.post("/rnd/exports/109", {"year": "2024"}).status_code == 404


def test_a_project_that_is_over_is_not_in_a_later_year(noted, now):
    noted(starts="202303", ends="202312", year=2023)
    assert form_107_1(SYSTEM, 2024)[1] == 0
    assert form_107_1(SYSTEM, 2023)[1] == 1
    assert now.date() > date(2024, 1, 1)
