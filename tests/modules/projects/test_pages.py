"""The pages of projects as people read them: dates in words, nothing typed lost, no form offered to be refused."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest

from keji.kernel.people.models import Account
from keji.kernel.records.flow import take
from keji.modules.projects.models import Change
from keji.modules.projects.running.services import changes
from tests.modules.projects.telling import batch_of, experts, form_passed, on, open_guideline, recommended
from tests.modules.projects.test_running import WHOLE, accepted, paid, project, signed  # noqa: F401

pytestmark = pytest.mark.django_db
ISO = re.compile(r"20\d\d-\d\d-\d\d")


def account(actor):
    return Account.objects.get(pk=actor.id)


def words(answer):
    """What a page says, without what stands in attributes."""
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


@pytest.fixture
def through(signed, people):  # noqa: F811
    """A project that has been all the way: paid, reported, changed, accepted, archived."""
    paid(signed, "ZF-1", 300_000, people)
    with on(date(2025, 3, 3)) as at:
        record = changes.ask(signed, "leader", after="钱学文", reason="调离", actor=people.unit, at=at)
        record = take("agree", record, actor=people.county, at=at)
        take("approve", record, actor=people.officer, at=at)
    done = accepted(signed, people, date(2026, 12, 20))
    with on(date(2026, 12, 20)) as at:
        return take("archive", take("accept", done, actor=people.officer, at=at), actor=people.officer, at=at)


def test_no_page_of_a_project_writes_a_date_as_machines_do(through, people, enter):
    guideline, proposal = through.guideline, through.proposal
    batch, change = guideline.batches.get(), Change.objects.get()
    pages = [
        *(f"/d/{name}/" for name in ("guidelines", "proposals", "projects", "review-batches", "project-changes")),
        f"/d/guidelines/{guideline.pk}", f"/d/proposals/{proposal.pk}", f"/d/review-batches/{batch.pk}",
        f"/d/projects/{through.pk}", f"/d/project-changes/{change.pk}", "/projects/due",
    ]  # fmt: skip
    client = enter(account(people.officer))
    with on(date(2026, 12, 21)):
        for page in pages:
            assert ISO.findall(words(client.get(page))) == [], page
    expert = enter(batch.reviews.first().person.account)
    for page in ("/projects/reviews", f"/projects/reviews/{batch.reviews.first().pk}"):
        assert ISO.findall(words(expert.get(page))) == [], page


def test_the_dossier_holds_documents_and_no_machine_text(through):
    packed = zipfile.ZipFile(io.BytesIO(through.dossier.read()))
    names = packed.namelist()
    for wanted in ("2025年度执行报告.pdf", "拨付清单.pdf", "变更清单.pdf", "第1次验收意见书.pdf"):
        assert any(wanted in name for name in names), wanted
    assert [n for n in names if n.endswith(".txt")] == ["目录.txt"]


def test_the_finding_of_an_acceptance_is_a_document_and_only_overseers_read_who_sat_on_it(through, people, enter):
    from keji.modules.projects.running.papers.closing import acceptance_paper

    row = through.acceptances.get()
    assert "验收甲" in str(acceptance_paper(row, named=True).body)
    assert "验收甲" not in str(acceptance_paper(row, named=False).body)
    url = f"/projects/projects/{through.pk}/acceptance-1.pdf"
    assert enter(account(people.unit)).get(url).content.startswith(b"%PDF")
    assert enter(account(people.other_county)).get(url).status_code == 404
    assert enter(account(people.officer)).get(url.replace("-1.", "-2.")).status_code == 404


def test_a_form_that_would_be_refused_is_not_offered(signed, people, enter):  # noqa: F811
    client = enter(account(people.unit))
    with on(date(2026, 1, 20)):  # the report of 2025 is missing
        page = client.get(f"/projects/projects/{signed.pk}/ask-acceptance")
        assert page.status_code == 403 and "2025 年度执行报告没有交" in page.content.decode()
        assert "2025 年度执行报告没有交" in client.get(f"/d/projects/{signed.pk}").content.decode()
    signed.state = "terminated"
    signed.save()
    for form in ("report", "change", "ask-acceptance"):
        assert client.get(f"/projects/projects/{signed.pk}/{form}").status_code == 403


def test_a_report_asks_for_spending_only_where_the_budget_is_kept_here(signed, people, enter):  # noqa: F811
    client, url = enter(account(people.unit)), f"/projects/projects/{signed.pk}/report"
    with on(date(2025, 12, 1)):
        assert "预算 12 万元" in client.get(url).content.decode()
        signed.budget.all().delete()
        page = client.get(url).content.decode()
        assert "累计支出" not in page
        client.post(url, {"year": 2025, "progress": WHOLE, "equipment": "3"})
    assert signed.reports.get().spent == {}


def test_marks_that_are_not_taken_stand_there_again(people, person, make_party, firm, now, enter):
    call = open_guideline(now)
    form_passed(call, firm, now)
    batch = batch_of(call, experts(person, make_party, now), now)
    sheet = batch.reviews.first()
    first, *_ = call.scheme.criteria.all()
    client = enter(sheet.person.account)
    page = client.post(
        f"/projects/reviews/{sheet.pk}",
        {f"points_{first.pk}": "满分", f"comment_{first.pk}": "路线清楚", "comment": "想了很久写下的意见"},
    )
    assert page.status_code == 422
    for typed in ("满分", "路线清楚", "想了很久写下的意见", f"0 到 {first.full} 之间"):
        assert typed in page.content.decode()


def test_an_expert_finds_a_sheet_by_the_title_as_it_may_be_read(people, person, make_party, firm, now, enter):
    call = open_guideline(now)
    form_passed(call, firm, now, title="明德茶叶采摘机器人")
    batch = batch_of(call, experts(person, make_party, now), now)
    page = enter(batch.reviews.first().person.account).get("/projects/reviews").content.decode()
    assert "茶叶采摘机器人" in page and "明德" not in page


def test_a_reason_longer_than_is_kept_is_refused_not_cut(people, firm, now, enter):
    row = recommended(open_guideline(now), firm, now)
    client = enter(account(people.officer))
    url = f"/d/proposals/{row.pk}/step/return_once"
    told = client.post(url, {"reason": "长" * 501}, follow=True).content.decode()
    assert "理由最多 500 字，现有 501 字" in told
    client.post(url, {"reason": "营业执照看不清\r\n" * 55 + "请重新上传"})  # browsers send two marks for a line's end
    row.refresh_from_db()
    assert row.state == "returned"


def test_a_part_of_a_line_that_is_too_long_is_named_not_cut(signed, people, enter):  # noqa: F811
    from keji.modules.projects.running.forms import TaskBookForm

    line = f"中试，{'长' * 301}，2025年6月30日，30"
    form = TaskBookForm({"content": "一", "targets": "二", "milestones": line}, project=signed)
    assert form.errors["milestones"] == ["第 1 行的考核内容最多 300 字，现有 301 字"]


def test_what_was_written_is_told_by_its_heading(people, firm, now, enter):
    row = recommended(open_guideline(now), firm, now)
    page = words(enter(account(people.officer)).get(f"/d/proposals/{row.pk}"))
    assert "立项依据、研究内容" in page and "s1" not in page


def test_the_day_something_is_due_is_counted_on_the_bureaus_wall(signed, people):  # noqa: F811
    from datetime import UTC, datetime

    from keji.modules.projects.models import Project
    from keji.modules.projects.running.services import due

    paid(signed, "ZF-9", 100_000, people)
    early = datetime(2025, 3, 2, 23, 30, tzinfo=UTC)  # half past seven on the 3rd, here
    Project.objects.filter(pk=signed.pk).update(state="terminated", state_since=early)
    assert [d.on for d in due.dues(Project.objects.all(), date(2025, 3, 10))] == [date(2025, 4, 2)]


def test_a_criterion_that_says_titles_do_not_count_is_not_warned_of():
    from keji.modules.projects.calls.forms import CRITERIA
    from keji.modules.projects.calls.services.schemes import bias

    rows = [line.split("，", 2) for line in CRITERIA]
    assert bias([(name, int(full), guide) for name, full, guide in rows]) == []
    assert "提到职称和人才称号" in bias([("团队", 100, "不看论文，负责人有高级职称的优先")])[0]
