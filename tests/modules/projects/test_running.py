"""From the task book to the archive: money exact, signatures in order, what is late is told."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.audit.log import verify
from keji.kernel.documents.dossier import Item, dossier
from keji.kernel.parties.models import Standing
from keji.kernel.records.flow import Refused, take
from keji.lib.paper.check import check as layout
from keji.modules.projects.models import Change, Programme, Project, Proposal
from keji.modules.projects.numbers import months_later, wan
from keji.modules.projects.proposals.services import limits
from keji.modules.projects.running.services import accepting, changes, due, payments, reports, taskbook
from keji.modules.projects.running.services.register import register_projects
from tests.modules.projects.telling import SYSTEM, established, experts, form_passed, on, open_guideline, reviewed

pytestmark = pytest.mark.django_db

BOOK = {"content": "研制样机", "targets": "识别率不低于 95%", "economy": "新增销售收入 500 万元"}
NODES = [
    {"name": "方案", "target": "完成设计", "due_on": date(2025, 6, 30), "amount": 180_000},
    {"name": "样机", "target": "完成样机", "due_on": date(2026, 6, 30), "amount": 120_000},
]
BUDGET = {"equipment": 100_000, "business": 120_000, "labour": 50_000, "indirect": 30_000}
WHOLE = "按任务书完成全部研究内容，各项指标达到要求，样机在两个茶园示范运行。"
PANEL = [{"name": f"验收{n}", "unit": "合肥某大学", "finance": n == "丁"} for n in "甲乙丙丁戊"]
MARKS = {"execution": Decimal("8.5"), "output": Decimal(48), "benefit": Decimal(24), "satisfaction": Decimal(9)}


@pytest.fixture
def project(people, person, make_party, firm, now):
    call = open_guideline(now)
    row = form_passed(call, firm, now)
    reviewed(call, experts(person, make_party, now), now)
    return established(call, [row], people)[0]


@pytest.fixture
def signed(project, people):
    return sign(project, people)


def sign(project, people):
    with on(date(2024, 12, 16)) as at:
        taskbook.save_task_book(project, BOOK, NODES, BUDGET, actor=people.unit, at=at)
        taskbook.sign_as(project, actor=people.unit, at=at)
        taskbook.sign_as(project, actor=people.county, at=at)
        return take("sign", project, actor=people.officer, at=at)


def paid(project, code, amount, people, day=date(2024, 12, 20), **more):
    with on(day) as at:
        return payments.pay(project, order_code=code, amount=amount, paid_on=day, actor=people.officer, at=at, **more)


def test_the_task_book_is_signed_by_three_in_order(project, people):
    with on(date(2024, 12, 16)) as at:
        with pytest.raises(Refused, match="没有填写任务书"):
            take("sign", project, actor=people.officer, at=at)
        with pytest.raises(Refused, match="各节点拨付合计 18 万元"):
            taskbook.save_task_book(project, BOOK, NODES[:1], BUDGET, actor=people.unit, at=at)
        with pytest.raises(Refused, match="分档计算最多"):
            taskbook.save_task_book(
                project, BOOK, NODES, {"equipment": 200_000, "business": 40_000, "indirect": 60_000},
                actor=people.unit, at=at,
            )  # fmt: skip
        with pytest.raises(Refused, match="研究内容最多 1000 个字，现在有 1001 个"):
            taskbook.save_task_book(project, BOOK | {"content": "研" * 1001}, NODES, BUDGET, actor=people.unit, at=at)
        taskbook.save_task_book(project, BOOK, NODES, BUDGET, actor=people.unit, at=at)
        with pytest.raises(Refused, match="承担单位还没有签订"):
            taskbook.sign_as(project, actor=people.county, at=at)
        taskbook.sign_as(project, actor=people.unit, at=at)
        with pytest.raises(Refused, match="依次签订"):
            taskbook.sign_as(project, actor=people.other_county, at=at)
        taskbook.sign_as(project, actor=people.county, at=at)
        with pytest.raises(Refused, match="任务书不能再改"):
            taskbook.save_task_book(project, BOOK, NODES, BUDGET, actor=people.unit, at=at)
        project = take("sign", project, actor=people.officer, at=at)
    assert project.state == "signed" and project.signed_on == date(2024, 12, 16)
    word = project.task_book.docx.read()
    # An agreement is none of the kinds an official title must name; all else of the layout holds.
    assert [f.message for f in layout(word) if f.severity == "error" and "文种" not in f.message] == []


def test_a_sanctioned_unit_does_not_sign(project, people):
    Standing.objects.create(
        party=project.party, kind="sanction", measure="限制承担", basis="六科监〔2024〕9号", restricts=["undertake"],
        from_on=date(2024, 12, 1),
    )  # fmt: skip
    with pytest.raises(Refused, match="六科监〔2024〕9号"):
        sign(project, people)


def test_who_does_not_sign_in_thirty_days_gives_it_up(project, people):
    with on(date(2025, 1, 9)) as at, pytest.raises(Refused, match="期满才能视为放弃"):
        take("waive", project, actor=people.officer, at=at, reason="未签")
    with on(date(2025, 1, 10)) as at:
        assert take("waive", project, actor=people.officer, at=at, reason="未签").state == "waived"


def test_a_payment_handed_in_twice_is_paid_once(signed, people):
    first = paid(signed, "ZF-001", 100_000, people)
    assert paid(signed, "ZF-001", 100_000, people) == first
    with pytest.raises(Refused, match="已经用过"):
        paid(signed, "ZF-001", 100_001, people)
    signed.refresh_from_db()
    assert (signed.paid, signed.remaining) == (100_000, 200_000)


def test_no_more_than_was_granted_goes_out_by_any_way(signed, people):
    node = signed.milestones.first()
    with pytest.raises(Refused, match="应拨 18 万元"):
        paid(signed, "ZF-1", 180_001, people, milestone=node)
    paid(signed, "ZF-1", 180_000, people, milestone=node)
    with pytest.raises(Refused, match="超过未拨付的 12 万元"):
        paid(signed, "ZF-2", 120_001, people)
    with pytest.raises(Refused, match="业务科室"), on(date(2024, 12, 20)) as at:
        payments.pay(signed, order_code="ZF-3", amount=1, paid_on=date(2024, 12, 20), actor=people.unit, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=signed.pk).update(paid=300_001)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sums=st.lists(st.tuples(st.integers(1, 8), st.integers(-5, 200_000)), max_size=12))
def test_granted_is_paid_and_remaining_whatever_is_tried(signed, people, sums):
    signed.payments.all().delete()
    Project.objects.filter(pk=signed.pk).update(paid=0)
    for code, amount in sums:
        with suppress(Refused):
            paid(signed, f"P{code}", amount, people)
        fresh = Project.objects.get(pk=signed.pk)
        out = sum(p.amount for p in fresh.payments.all())
        assert fresh.paid == out and fresh.paid + fresh.remaining == fresh.grant and fresh.remaining >= 0


def test_late_reports_stop_the_money_and_are_named(signed, people):
    with on(date(2026, 1, 10)) as at:
        assert reports.missing_years(signed, at.date()) == [2025]
        with pytest.raises(Refused, match="2025 年度执行报告逾期未交"):
            payments.pay(signed, order_code="ZF-9", amount=1000, paid_on=at.date(), actor=people.officer, at=at)
        with pytest.raises(Refused, match="劳务费累计支出 6 万元超过预算 5 万元"):
            reports.file_report(
                signed, 2025, progress=WHOLE, problems="", spent={"labour": 60_000}, actor=people.unit, at=at
            )
        reports.file_report(
            signed, 2025, progress=WHOLE, problems="", spent={"labour": 40_000}, actor=people.unit, at=at
        )
        assert signed.budget.get(subject="labour").spent == 40_000
        payments.pay(signed, order_code="ZF-9", amount=1000, paid_on=at.date(), actor=people.officer, at=at)


def test_the_bureau_decides_what_a_project_was_chosen_for_the_unit_the_rest(signed, people):
    with on(date(2025, 3, 3)) as at:
        own = changes.ask(signed, "route", after="改用双目相机", reason="成本更低", actor=people.unit, at=at)
        asked = changes.ask(signed, "leader", after="钱小敏", reason="原负责人调离", actor=people.unit, at=at)
        assert (own.state, asked.state) == ("filed", "requested")
        with pytest.raises(Refused, match="正在办理"):
            changes.ask(signed, "leader", after="孙某", reason="再换", actor=people.unit, at=at)
        asked = take("agree", asked, actor=people.county, at=at)
        take("approve", asked, actor=people.officer, at=at)
    signed.refresh_from_db()
    assert signed.leader_name == "钱小敏"


def test_an_extension_is_asked_in_time_once_for_a_year_at_most(signed, people):
    end = signed.ends_on
    with on(months_later(end, -2)) as at, pytest.raises(Refused, match="到期前 3 个月提出"):
        changes.ask(signed, "extension", after="", until_on=months_later(end, 6), reason="天气", actor=SYSTEM, at=at)
    with on(months_later(end, -3)) as at:
        with pytest.raises(Refused, match="最长延期 12 个月"):
            changes.ask(
                signed, "extension", after="", until_on=months_later(end, 13), reason="天气", actor=SYSTEM, at=at
            )
        row = changes.ask(
            signed, "extension", after="", until_on=months_later(end, 12), reason="天气", actor=SYSTEM, at=at
        )
        take("approve", take("agree", row, actor=SYSTEM, at=at), actor=SYSTEM, at=at)
        signed.refresh_from_db()
        assert signed.ends_on == months_later(end, 12)
        with pytest.raises(Refused, match="已经延期过一次"):
            changes.ask(
                signed, "extension", after="", until_on=months_later(end, 13), reason="天气", actor=SYSTEM, at=at
            )


def accepted(project, people, day, conclusion="passed", panel=PANEL):
    with on(day) as at:
        for year in (2025, 2026):
            reports.file_report(project, year, progress=WHOLE, problems="", spent={}, actor=people.unit, at=at)
        project = accepting.ask(project, WHOLE, actor=people.unit, at=at)
        accepting.record_result(
            project, held_on=day, panel=panel, conclusion=conclusion, opinion="达到要求", finance_opinion="支出合规",
            marks=MARKS, actor=people.officer, at=at,
        )  # fmt: skip
        return project


def test_acceptance_grade_and_archive(signed, people):
    day = date(2026, 12, 20)
    paid(signed, "ZF-1", 300_000, people)
    project = accepted(signed, people, day)
    with on(day) as at:
        project = take("accept", project, actor=people.officer, at=at)
        assert (project.conclusion, project.grade, project.keep_until) == ("通过", "良", date(2036, 12, 20))
        project = take("archive", project, actor=people.officer, at=at)
    packed = zipfile.ZipFile(io.BytesIO(project.dossier.read()))
    names = packed.namelist()
    assert names[-1] == "目录.txt" and any("任务书.pdf" in n for n in names)
    assert len(packed.read("目录.txt").decode().splitlines()) == len(names) - 1 + 6
    assert verify().sound


def test_an_acceptance_panel_has_somebody_for_finance_and_nobody_of_the_unit(signed, people):
    day, old = date(2026, 12, 20), Proposal.objects.get()
    cases = {
        "财务专家": [p | {"finance": False} for p in PANEL],
        "单数": PANEL[:4],
        "应当回避": [*PANEL[:4], {"name": "内部", "unit": signed.party.name, "finance": True}],
        "验收应另选": [*PANEL[:4], {"name": old.reviews.first().person.name, "unit": "合肥", "finance": False}],
    }
    for sentence, panel in cases.items():
        assert sentence in accepting.panel_problem(signed, panel, day, day)


def test_failing_once_is_mended_failing_twice_ends_it(signed, people):
    project = accepted(signed, people, date(2026, 12, 20), "failed")
    with on(date(2026, 12, 21)) as at:
        with pytest.raises(Refused, match="应先整改"):
            take("accept", project, actor=people.officer, at=at)
        project = take("mend", project, actor=people.officer, at=at, reason="指标不足")
    project = accepted(project, people, date(2027, 3, 1), "failed")
    with on(date(2027, 3, 2)) as at:
        with pytest.raises(Refused, match="只能整改一次"):
            take("mend", project, actor=people.officer, at=at, reason="再改")
        assert take("accept", project, actor=people.officer, at=at).conclusion == "不通过"


@pytest.mark.parametrize(
    ("points", "word"), [("89.5", "良"), ("90", "优"), ("80", "良"), ("79.9", "中"), ("59.9", "差")]
)
def test_the_edge_of_a_grade_belongs_to_the_better_one(city, points, word):
    assert accepting.grade(Decimal(points), date(2024, 11, 12)) == word
    assert accepting.execution_points(850, 1000) == Decimal("8.5")


def test_money_comes_back_before_a_revoked_project_is_archived(signed, people):
    paid(signed, "ZF-1", 180_000, people)
    with on(date(2025, 5, 6)) as at:
        project = take("revoke", signed, actor=people.officer, at=at, reason="弄虚作假")
        with pytest.raises(Refused, match="180,000 元应收回"):
            take("archive", project, actor=people.officer, at=at)
        back = {"order_code": "SH-1", "amount": 180_000, "paid_on": at.date(), "actor": people.officer, "at": at}
        assert payments.give_back(project, **back) == payments.give_back(project, **back)
        assert take("archive", project, actor=people.officer, at=at).state == "archived"


def row_of(firm, **changes):
    programme, _ = Programme.objects.get_or_create(name="科技攻关计划")
    return {
        "party": firm, "title": "早先的项目", "programme": programme, "year": 2021, "leader_name": "周某",
        "established_on": date(2021, 6, 1), "starts_on": date(2021, 6, 1), "ends_on": date(2023, 5, 31),
        "grant": 200_000, "paid": 100_000,
    } | changes  # fmt: skip


def test_an_overdue_project_stands_in_the_way_of_the_next(people, firm, now):
    old = register_projects([row_of(firm)], actor=people.officer, at=now, source="sheet")[0]
    assert old.number == "XM-2021-0001"
    record = Proposal(guideline=open_guideline(now), party=firm, region=firm.region, leader_name="新人")
    assert any("XM-2021-0001" in said and "逾期未验收" in said for said in limits.limit_problems(record))
    found = {d.what for d in due.dues(Project.objects.all(), now.date())}
    assert {"申请验收", "2021年度执行报告"} <= found or "2022年度执行报告" in found


def test_what_is_due_is_asked_in_a_handful_of_queries(people, make_party, now, django_assert_max_num_queries):
    rows = [row_of(make_party(), title=f"项目{n}") for n in range(40)]
    register_projects(rows, actor=people.officer, at=now, source="sheet")
    with django_assert_max_num_queries(14):
        assert len(due.dues(Project.objects.all(), now.date())) > 80


def test_each_sees_their_own_projects_and_the_unit_no_acceptance_panel(enter, signed, people, person):
    from keji.kernel.people.models import Account

    accepted(signed, people, date(2026, 12, 20))
    page = enter(Account.objects.get(username="unit-a")).get(f"/d/projects/{signed.pk}").content.decode()
    assert "达到要求" in page and "验收甲" not in page
    page = enter(Account.objects.get(username="officer-a")).get(f"/d/projects/{signed.pk}").content.decode()
    assert "验收甲" in page
    client = enter(Account.objects.get(username="county-b"))
    assert client.get(f"/d/projects/{signed.pk}").status_code == 404
    assert client.get(f"/projects/projects/{signed.pk}/dossier.zip").status_code == 403


def test_pages_take_what_people_type(enter, project, people):
    from keji.kernel.people.models import Account

    unit = enter(Account.objects.get(username="unit-a"))
    said = BOOK | {
        "milestones": "方案，完成设计，2025-06-30，18\n样机\t完成样机\t2026年6月30日\t12",
        "equipment": "10", "business": "12", "labour": "5", "indirect": "3",
    }  # fmt: skip
    with on(date(2024, 12, 16)):
        answer = unit.post(f"/projects/projects/{project.pk}/task-book", said | {"milestones": "方案，18"})
        assert answer.status_code == 422 and "第 1 行应写成" in answer.content.decode()
        assert unit.post(f"/projects/projects/{project.pk}/task-book", said).status_code == 302
        assert [m.amount for m in project.milestones.all()] == [180_000, 120_000]
        assert unit.post(f"/projects/projects/{project.pk}/sign").status_code == 302
        assert enter(Account.objects.get(username="county-a")).post(f"/projects/projects/{project.pk}/sign")
        officer = enter(Account.objects.get(username="officer-a"))
        officer.post(f"/d/projects/{project.pk}/step/sign")
        for _ in range(2):
            pay = {"order_code": "ZF-1", "amount": "18", "paid_on": "2024-12-16"}
            officer.post(f"/projects/projects/{project.pk}/pay", pay)
    project.refresh_from_db()
    assert (project.state, project.paid) == ("signed", 180_000)
    assert Change.objects.count() == 0


def test_a_dossier_is_the_same_whenever_it_is_packed_and_names_are_safe():
    items = [Item("1 申报", "a/b.txt", b"x"), Item("1 申报", "..", b"y")]
    assert dossier("档案", items) == dossier("档案", items)
    assert zipfile.ZipFile(io.BytesIO(dossier("档案", items))).namelist() == [
        "1 申报/001 a_b.txt", "1 申报/002 文件", "目录.txt"
    ]  # fmt: skip
    with pytest.raises(ValueError, match="没有可以归档"):
        dossier("档案", [])


@given(st.integers(0, 10**12))
def test_wan_is_exact(yuan):
    assert Fraction(wan(yuan).replace(",", "")) * 10_000 == yuan
