"""A firm files, its county checks, the bureau notes; what was filed is never overwritten."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.records.flow import Refused, take
from keji.modules.rnd.models import ProjectVersion, RndProject
from keji.modules.rnd.services.projects import correct_project, create_projects, step_in_bulk, update_year

from .conftest import PROJECT, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(person, actor_for, make_party):
    party = make_party(region="341502", industry_code="3670")
    firm = actor_for(person("enterprise", party=party))
    county = actor_for(person("county", region="341502"))
    return party, firm, county, actor_for(person("officer")), actor_for(person("officer"))


def test_from_the_firm_to_the_bureau_by_three_people(draft, people, now):
    party, firm, county, officer, _ = people
    record = draft(party=party, actor=firm)
    assert (record.state, record.source, record.number[:7]) == ("draft", "party", "YF-2024")
    record = take("file", record, actor=firm, at=now)
    with pytest.raises(Refused, match="核对通过由"):
        take("check", record, actor=firm, at=now)
    record = take("check", record, actor=county, at=now)
    with pytest.raises(Refused, match="予以备案由业务科室办理"):
        take("note", record, actor=county, at=now)
    record = take("note", record, actor=officer, at=now)
    assert (record.state, record.filed_on, record.noted_on) == ("noted", now.date(), now.date())
    assert verify().sound


def test_nobody_checks_or_notes_their_own(draft, people, now):
    party, _, county, officer, other = people
    record = take("file", draft(party=party, actor=county), actor=county, at=now)
    with pytest.raises(Refused, match="报送和核对必须是两个人"):
        take("check", record, actor=county, at=now)
    record = take("check", record, actor=officer, at=now)
    with pytest.raises(Refused, match="核对和备案必须是两个人"):
        take("note", record, actor=officer, at=now)
    assert take("note", record, actor=other, at=now).state == "noted"


def test_a_project_that_fails_its_checks_is_not_filed(draft, now):
    record = draft(starts="202403", ends="202506", stage_code="")
    with pytest.raises(Refused, match="还有 1 处没有通过校验：项目跨 2024 年度，应填主要进展阶段"):
        take("file", record, actor=SYSTEM, at=now)


def test_a_change_after_filing_is_a_new_version_with_its_difference(noted, people, now):
    party, firm, *_ = people
    record = noted(party=party)
    with pytest.raises(Refused, match="申请变更需要写明理由"):
        take("revise", record, actor=firm, at=now)
    record = take("revise", record, actor=firm, at=now, reason="试制批次增加")
    correct_project(record, {"budget": Decimal(1_500_000), "year": 2024, "staff": 12}, actor=firm, at=now)
    record = take("file", RndProject.objects.get(pk=record.pk), actor=firm, at=now)
    assert (record.version, record.state) == (2, "filed")
    newest, first = ProjectVersion.objects.filter(project=record)
    assert newest.changes == {
        "项目预算（元）": ["1,200,000", "1,500,000"],
        "2024年参加项目人员（人）": ["10", "12"],
    }
    assert (newest.reason, first.changes, first.values["项目预算（元）"]) == ("试制批次增加", {}, "1,200,000")


def test_a_filed_project_cannot_be_edited_behind_the_county_s_back(person, enter, noted, people):
    party, *_ = people
    record = noted(party=party)
    client = enter(person("enterprise", party=party))
    assert client.get(f"/d/rnd-projects/{record.pk}/edit").status_code == 403


def test_closing_says_how_it_ended(noted, now):
    record = noted()
    with pytest.raises(Refused, match="结题需要填写结果和验收日期"):
        take("close", record, actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="在今天之后"):
        take("close", record, actor=SYSTEM, at=now, outcome="done", accepted_on=date(2025, 1, 1))
    closed = take("close", record, actor=SYSTEM, at=now, outcome="failed", accepted_on=date(2024, 11, 1))
    assert (closed.state, closed.get_outcome_display()) == ("closed", "未达到（已如实归集）")


def test_a_noted_project_is_withdrawn_by_the_bureau_only(noted, people, now):
    party, firm, county, officer, _ = people
    record = noted(party=party)
    with pytest.raises(Refused, match="已备案过的项目由市局撤销"):
        take("withdraw", record, actor=county, at=now, reason="重复登记")
    assert take("withdraw", record, actor=officer, at=now, reason="重复登记").state == "withdrawn"
    assert not RndProject.objects.filed().exists()


def test_the_same_project_twice_is_refused_by_the_database(draft, people):
    party, *_ = people
    draft(party=party)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(party=party)


def test_one_county_sees_and_steps_only_its_own(draft, person, actor_for, enter, now):
    record = take("file", draft(), actor=SYSTEM, at=now)
    other = person("county", region="341503")
    with pytest.raises(Refused, match="不在您的县区或单位范围内"):
        take("check", record, actor=actor_for(other), at=now)
    assert enter(other).get(f"/d/rnd-projects/{record.pk}").status_code == 404


def test_hundreds_are_checked_and_noted_with_a_handful_of_statements(
    make_party, people, now, django_assert_max_num_queries
):
    party, _, county, officer, _ = people
    rows = [{**PROJECT, "party": party, "name": f"项目{n}"} for n in range(200)]
    made = create_projects(rows, actor=SYSTEM, at=now, source="sheet")
    for record in made:
        take("file", record, actor=SYSTEM, at=now)
    with django_assert_max_num_queries(12):
        assert step_in_bulk("check", [r.pk for r in made], actor=county, at=now) == 200
    assert step_in_bulk("note", [r.pk for r in made], actor=county, at=now) == 0
    assert step_in_bulk("note", [r.pk for r in made], actor=officer, at=now) == 200
    assert Entry.objects.filter(action="予以备案").count() == 200


def test_the_year_s_figures_come_with_the_year_not_with_a_change(noted, now):
    record = noted(starts="202303", ends="202512", stage_code="1")
    update_year(record, 2023, {"staff": 5, "person_months": Decimal(40)}, actor=SYSTEM, at=now)
    assert record.years.count() == 2
    assert RndProject.objects.get().state == "noted"
    assert Entry.objects.latest("position").changes == {
        "2023年参加项目人员（人）": [None, 5],
        "2023年实际工作时间（人月）": [None, "40"],
    }


def test_the_sheet_finds_each_cell_that_is_wrong(person, enter, people):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from keji.kernel.jobs.models import Job

    from .conftest import workbook

    party, *_ = people
    heads = ("统一社会信用代码", "项目名称", "研发形式", "技术领域", "项目预算（元）", "起始年月", "完成年月")
    heads += ("项目来源", "项目合作形式", "项目成果形式", "项目技术经济目标", "统计年度", "参加项目人员（人）")
    heads += ("实际工作时间（人月）",)
    codes = ("4 本企业自选", "6 独立研究", "3 新技术或新工艺", "4 增加功能或提高性能")
    good = [party.uscc, "甲项目", "自主研发", "新材料", 900_000, "202402", "202411", *codes, 2024, 8, 60]
    rows = [good, [*good[:1], "乙项目", *good[2:5], "202412", "202411", *good[7:]], [*good[:13], 100]]
    rows[2][1], rows[2][4] = "丙项目", 90
    client = enter(person("county", region="341502"))
    file = SimpleUploadedFile("项目.xlsx", workbook(heads, rows))
    assert client.post("/d/rnd-projects/upload", {"file": file}).status_code == 302
    job = Job.objects.latest("pk")
    said = {p["row"]: "；".join(p["problems"]) for p in job.result["problems"]}
    assert "起始年月 202412 晚于完成年月 202411" in said[3]
    assert "像是以万元填写" in said[4]
    assert "超过 8 人 × 12 个月 = 96 人月" in said[4]
    assert RndProject.objects.count() == 0
    wrong = workbook([h.replace("项目预算（元）", "项目预算（万元）") for h in heads], [good])
    client.post("/d/rnd-projects/upload", {"file": SimpleUploadedFile("项目.xlsx", wrong)})
    assert "写的单位是“万元”，本表应为“元”" in Job.objects.latest("pk").message
    client.post("/d/rnd-projects/upload", {"file": SimpleUploadedFile("项目.xlsx", workbook(heads, [good]))})
    assert RndProject.objects.get().state == "draft"


def test_who_may_not_file_for_whom(make_party, draft, person, enter):
    stranger = make_party(region="341503")
    client = enter(person("enterprise", party=make_party()))
    values = PROJECT | {"party": stranger.uscc}
    answer = client.post("/d/rnd-projects/new", values)
    assert answer.status_code == 422
    assert "不在您的管理范围内" in answer.content.decode()
