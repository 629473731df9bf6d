"""Thousands of firms in one workbook: checked whole, written whole, every problem at its cell."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from keji.kernel.facts.models import FactFile, Statement
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import run_job
from keji.kernel.people.roles import Actor
from keji.lib.codes import make_uscc, organisation_check
from keji.modules.enterprises.titles.services import update_party
from tests.modules.enterprises.conftest import workbook

pytestmark = pytest.mark.django_db
HEAD = ("统一社会信用代码", "单位名称", "年度", "销售（营业）收入（万元）", "在职职工数（人）", "在境内注册的居民企业")


@pytest.fixture
def firm(make_party):
    return make_party("六安某科技有限公司", region="341502")


def send(client, rows, *, head=HEAD, unit="万元", origin="statistics", accepted=""):
    file = SimpleUploadedFile("企业资料.xlsx", workbook(head, rows))
    data = {"file": file, "unit": unit, "origin": origin, "accepted": accepted}
    answer = client.post("/enterprises/facts/import", data)
    assert answer.status_code == 302, answer.content.decode()[:600]
    return Job.objects.filter(kind="facts-import").latest("pk")


def test_a_line_a_firm_and_year_becomes_facts(firm, person, enter):
    client = enter(person("officer"))
    job = send(
        client, [(firm.uscc, firm.name, 2023, 1200.5, 60, "是"), (firm.uscc, "", "2022年", "1.1亿元", None, None)]
    )
    assert (job.state, job.message[:9]) == ("done", "1 家企业 4 项"), job.message
    files = {f.year: f.values for f in FactFile.objects.filter(party=firm)}
    assert files == {0: {"resident": 1}, 2022: {"revenue": 110_000_000}, 2023: {"revenue": 12_005_000, "staff": 60}}
    assert Statement.objects.first().filing.title.startswith("企业资料.xlsx")
    assert "一致" in send(client, [(firm.uscc, firm.name, 2023, 1200.5, 60, "是")]).message


def test_units_mixed_in_one_sheet_are_met_with_a_sentence(firm, person, enter):
    head = (*HEAD[:3], "销售（营业）收入（元）", "资产总额（万元）")
    job = send(enter(person("officer")), [(firm.uscc, "", 2023, 1200, 60)], head=head)
    assert job.state == "failed"
    assert "写的单位是“元”，本表应为“万元”" in job.message


def test_a_slip_of_the_unit_is_asked_about_before_anything_is_written(firm, person, enter, now):
    state_facts([Said(firm, "revenue", 12_000_000, 2022)], actor=Actor.system(), at=now)
    client = enter(person("officer"))
    row = (firm.uscc, firm.name, 2023, 13_000_000, 60, "是")
    job = send(client, [row])
    assert "1 行需要更正，没有写入任何数据" in job.message
    assert "是不是单位填错了" in str(job.result["problems"])
    assert Statement.objects.count() == 1
    assert send(client, [row], accepted="并购后合并报表").result["written"] == 3
    assert "说明：并购后合并报表" in Statement.objects.get(year=2023, name="staff").evidence


def test_every_problem_stands_at_its_line_and_nothing_is_written(firm, make_party, person, enter):
    other = make_party("霍邱某公司", region="341522")
    stranger = make_uscc(f"91341502MA999999{organisation_check('MA999999')}")
    rows = [
        (firm.uscc, "完全不同的公司", 2023, 1, 1, None),
        ("91341502MA8", "", 2023, 1, 1, None),
        (stranger, "", 2023, 1, 1, None),
        (other.uscc, "", 2023, 1, 1, None),
        (firm.uscc, "", None, 1, 1, None),
        (firm.uscc, "", 1999, 1, 1, None),
        (firm.uscc, "", 2023, "1.23456789", 2.5, "大概"),
        (firm.uscc, "", 2022, 1, 1, "是"),
        (firm.uscc, "", 2022, 1, 2, "否"),
    ]
    client = enter(person("county", region="341502"))
    job = send(client, rows, origin="county")
    said = {p["row"]: " ".join(p["problems"]) for p in job.result["problems"]}
    assert "名册中这个代码是“六安某科技有限公司”" in said[2]
    assert "没有代码为" in said[4]
    assert "不在您的管理范围内" in said[5]
    assert "请写明年度" in said[6]
    assert "不合情理" in said[7]
    assert "不是整数" in said[8]
    assert "看不出是或否" in said[8]
    assert "与第 9 行是同一家企业的同一年度" in said[10]
    assert not Statement.objects.exists()
    back = openpyxl.load_workbook(io.BytesIO(job.file.read())).active
    assert back.cell(1, len(HEAD) + 1).value == "问题"


def test_a_firm_is_found_by_its_former_name_and_a_merged_one_by_its_old_code(firm, make_party, person, enter, now):
    from keji.kernel.parties.merging import merge

    update_party(firm, {"name": "六安新名科技有限公司"}, actor=Actor.system(), at=now)
    old = make_party("并进来的公司", region="341502")
    merge(firm, old, actor=Actor.system(), at=now)
    client = enter(person("officer"))
    rows = [(firm.uscc, "六安某科技有限公司", 2023, 100, 5, None), (old.uscc, "并进来的公司", 2022, 90, 5, None)]
    assert send(client, rows).state == "done"
    assert set(FactFile.objects.filter(party=firm).values_list("year", flat=True)) == {2022, 2023}


def test_a_county_brings_its_own_figures_only(firm, person, enter):
    client = enter(person("county", region="341502"))
    file = SimpleUploadedFile("x.xlsx", workbook(HEAD, [(firm.uscc, "", 2023, 1, 1, None)]))
    answer = client.post("/enterprises/facts/import", {"file": file, "unit": "元", "origin": "statistics"})
    assert answer.status_code == 422
    assert "没有选择资料来源" in answer.content.decode()
    assert enter(person("enterprise", party=firm)).get("/enterprises/facts/import").status_code == 403


def test_wrong_files_are_met_with_a_sentence(person, enter):
    client = enter(person("officer"))
    file = SimpleUploadedFile("x.xlsx", b"not a workbook")
    client.post("/enterprises/facts/import", {"file": file, "unit": "元", "origin": "bureau"})
    assert Job.objects.latest("pk").state == "failed"
    assert "没有选择文件" in client.post("/enterprises/facts/import", {"unit": "元"}).content.decode()


def test_the_template_holds_what_a_rule_asks_and_what_is_exported_can_be_sent_again(firm, person, enter, now):
    rows = [Said(firm, "revenue", 12_345_678, 2023), Said(firm, "technology_field", 4), Said(firm, "resident", 1)]
    state_facts(rows, actor=Actor.system(), at=now)
    client = enter(person("officer"))
    content = client.get("/enterprises/facts/import/template?for=tech_sme&unit=千元").content
    heads = [c.value for c in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0][1]]
    assert "资产总额（千元）" in heads
    assert "总收入（千元）" not in heads
    client.post("/enterprises/facts/export", {"unit": "万元"})
    job = Job.objects.latest("pk")
    run_job.func(job.pk)
    job.refresh_from_db()
    file = SimpleUploadedFile("回传.xlsx", job.file.read())
    client.post("/enterprises/facts/import", {"file": file, "unit": "万元", "origin": "bureau"})
    again = Job.objects.filter(kind="facts-import").latest("pk")
    assert "3 项与原有一致" in again.message, again.message


def test_evidence_is_kept_whole_or_its_line_is_named(firm, person, enter):
    client = enter(person("officer"))
    head, row = (*HEAD, "依据"), (firm.uscc, firm.name, 2023, 1200.5, 60, "是")
    assert "依据最多 200 字，现有 201 字" in str(send(client, [(*row, "据" * 201)], head=head).result["problems"])
    told = str(send(client, [(*row, "据" * 150)], head=head, accepted="因" * 60).result["problems"])
    assert "依据和上传时写的说明合计最多 200 字，现有 214 字" in told
    file = SimpleUploadedFile("企业资料.xlsx", workbook(head, [(*row, "")]))
    data = {"file": file, "unit": "万元", "origin": "statistics", "accepted": "因" * 101}
    assert "原因最多 100 字，现有 101 字" in client.post("/enterprises/facts/import", data).content.decode()
    assert not Statement.objects.exists()
