"""A month's bulletin: frozen, drafted, edited, reviewed by another, issued, corrected."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import docx
import pypdf
import pytest
from django.utils import timezone

from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Head
from keji.kernel.documents.models import Paper
from keji.kernel.documents.numbering import next_number
from keji.kernel.indicators.models import Reading
from keji.kernel.people.models import Grant
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period
from keji.lib.paper.check import check
from keji.modules.plan.models import Allocation, TargetProgress
from keji.modules.plan.services import bulletin
from keji.modules.plan.services.bulletin_rows import Used, rows_of, shown_rate, targets_of

pytestmark = pytest.mark.django_db
OCTOBER = Period.month(2024, 10)


@pytest.fixture
def share(now):
    """share(target, "341502", 10) → a county's issued share."""

    def make(target, region, value, state="issued"):
        return Allocation.objects.create(
            number=f"FJ-2024-{Allocation.objects.count() + 1:04d}", region_id=region, target=target,
            value=Decimal(value), state=state, created_at=now, updated_at=now,
        )  # fmt: skip

    return make


@pytest.fixture
def october(plan, indicators, make_target, certify, freeze_month, share, now):
    """Four counties with shares, one target without figures, a milestone, September and October frozen."""
    held = make_target("高新技术企业总数", "ge", "40", indicator="t_stock", by_county=True, base="20")
    make_target("财政科技支出占比", "ge", "1.8", indicator="t_share", unit="%")
    done = make_target("出台创新政策", "milestone", basis="milestone", unit="")
    make_target("举办资源对接会", "ge", "2", basis="reported", unit="场")
    for region, share_value, count in (
        ("341502", 10, 10),
        ("341503", 10, 8),
        ("341504", 5, 4),
        ("341522", 10, 5),
    ):
        share(held, region, share_value)
        certify(count, region)
    certify(2, "341502", until=date(2024, 10, 10))
    freeze_month(2024, 9)
    certify(3, "341522", since=date(2024, 10, 15))
    freeze_month(2024, 10)
    TargetProgress.objects.create(
        target=done, region=plan.region, period="2024-08", done=True, done_on=date(2024, 8, 20), evidence="文件",
        filed_by="王", filed_at=now, confirmed_by="李", confirmed_at=now,
    )  # fmt: skip
    return plan


@pytest.fixture
def crew(person, actor_for):
    """Drafter, reviewer and leader, three people."""
    return (
        actor_for(person("officer", "drafter", name="陈起草")),
        actor_for(person("officer", "reviewer", name="周核稿")),
        actor_for(person("leader", "head", name="方局长")),
    )


@pytest.fixture
def issued(october, crew, now):
    drafter, reviewer, leader = crew
    paper = bulletin.draft_bulletin(october, OCTOBER, actor=drafter, at=now)
    paper = bulletin.review_bulletin(paper, actor=reviewer, at=now)
    return bulletin.issue_bulletin(paper, actor=leader, at=now)


def table(paper, key):
    return next(b for b in paper.content["blocks"] if b.get("key") == key)


def text(paper, key):
    return next((b["text"] for b in paper.content["blocks"] if b.get("key") == key), "")


def test_a_month_that_is_not_frozen_is_refused_with_what_to_do(plan, crew, now):
    with pytest.raises(Refused, match="还没有定格，请先定格再起草"):
        bulletin.draft_bulletin(plan, OCTOBER, actor=crew[0], at=now)


def test_a_full_month_from_frozen_figures_to_the_issued_paper(october, crew, now):
    drafter, reviewer, leader = crew
    paper = bulletin.draft_bulletin(october, OCTOBER, actor=drafter, at=now)
    assert paper.content["findings"] == []
    paper = bulletin.edit_bulletin(paper, {"next-1": "请抓紧落实,确保完成."}, actor=drafter, at=now)
    assert text(paper, "next-1") == "请抓紧落实，确保完成."
    with pytest.raises(Refused, match="不能核稿，请由另一人核稿"):
        bulletin.review_bulletin(paper, actor=drafter, at=now)
    with pytest.raises(Refused, match="还没有核稿"):
        bulletin.issue_bulletin(paper, actor=leader, at=now)
    paper = bulletin.review_bulletin(paper, actor=reviewer, at=now)
    with pytest.raises(Refused, match="由局领导签发"):
        bulletin.issue_bulletin(paper, actor=reviewer, at=now)
    paper = bulletin.issue_bulletin(paper, actor=leader, at=now)
    assert (paper.number, paper.issued_on, paper.issued_by) == ("六科通〔2024〕1号", date(2024, 11, 12), "方局长")
    word, pages = paper.docx.read(), pypdf.PdfReader(io.BytesIO(paper.pdf.read())).pages
    assert check(word) == []
    printed = "".join(page.extract_text() for page in pages)
    assert len(pages) >= 2 and "六科通〔2024〕1号" in printed and "金安区" in printed
    whole = "".join(p.text for p in docx.Document(io.BytesIO(word)).paragraphs)
    assert paper.title in whole.replace("\n", "")


def test_every_figure_in_the_tables_is_the_frozen_one(issued):
    row = next(r for r in table(issued, "targets")["rows"] if r[0] == "高新技术企业总数")
    city = Reading.objects.get(indicator="t_stock", region="341500", period="2024-10", current=True)
    assert row[2] == f"{city.value:f}家".replace(".0000", "") == "30家"
    assert row[3:5] == ["75.0", "+1家"]
    counties = {
        r[0]: r[1:]
        for r in next(b for b in issued.content["blocks"] if b["kind"] == "table" and b["key"].startswith("county"))[
            "rows"
        ]
    }
    for reading in Reading.objects.filter(indicator="t_stock", period="2024-10", region__in=["341502", "341503"]):
        assert Decimal(counties[reading.region.name][1]) == reading.value


def test_equal_rates_share_a_rank_and_the_next_is_left_out(issued):
    rows = next(b for b in issued.content["blocks"] if b["kind"] == "table" and b["key"].startswith("county"))["rows"]
    assert [(r[0], r[3], r[4]) for r in rows] == [
        ("金安区", "100.0", "1"),
        ("裕安区", "80.0", "2"),
        ("叶集区", "80.0", "2"),
        ("霍邱县", "80.0", "2"),
    ]


def test_ranks_go_one_two_two_four(october, freeze_month, certify):
    certify(1, "341502")
    Allocation.objects.filter(region="341522").update(value=20)
    freeze_month(2024, 10, "补录")
    row = next(r for r in rows_of(targets_of(october), OCTOBER) if r.counties)
    assert [c.rank for c in row.counties] == [1, 2, 2, 4]


def test_a_missing_figure_is_a_dash_and_never_zero(issued):
    rows = {r[0]: r for r in table(issued, "targets")["rows"]}
    assert rows["财政科技支出占比"][2:] == ["—", "—", "—", "未报"]
    assert rows["举办资源对接会"][2] == "—"
    assert "出台创新政策" not in rows  # done or not done: it has no figure
    assert text(issued, "milestones") == "没有量化指标的节点事项1项，已完成1项（“出台创新政策”）。"
    assert "“财政科技支出占比”" in text(issued, "unreported")


def test_the_paragraph_says_why_the_figure_moved(issued):
    assert "高新技术企业总数30家，较上月增加1家（增加的有新增3家，减少的有到期2家）" in text(issued, "movements")


def test_the_digest_is_that_of_the_readings_used(issued, october):
    used = Used()
    rows_of(targets_of(october), OCTOBER, used)
    assert issued.data_digest == used.digest()
    Reading.objects.filter(indicator="t_stock", region="341502", period="2024-10").update(value=11)
    rows_of(targets_of(october), OCTOBER, used)
    assert issued.data_digest != used.digest()


def test_the_roots_printed_are_those_the_log_is_verified_against(issued):
    head = Head.objects.get(printed_in__startswith="六科通〔2024〕1号")
    assert issued.content["roots"] == {"size": head.size, "sha256": head.sha256, "sm3": head.sm3}
    printed = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(issued.pdf.read())).pages)
    printed = "".join(printed.split())
    assert issued.data_digest in printed and head.sha256 in printed and head.sm3 in printed
    assert verify().sound


def test_an_issued_paper_never_changes(issued, crew, now):
    before = Paper.objects.values().get(pk=issued.pk)
    for act in (
        lambda: bulletin.edit_bulletin(issued, {"overview": "改"}, actor=crew[0], at=now),
        lambda: bulletin.review_bulletin(issued, actor=crew[1], at=now),
        lambda: bulletin.return_bulletin(issued, "改", actor=crew[1], at=now),
        lambda: bulletin.issue_bulletin(issued, actor=crew[2], at=now),
        lambda: bulletin.draft_bulletin(issued_plan(issued), OCTOBER, actor=crew[0], at=now),
    ):
        with pytest.raises(Refused):
            act()
    assert Paper.objects.values().get(pk=issued.pk) == before


def issued_plan(paper):
    from keji.modules.plan.models import Plan

    return Plan.objects.get(pk=paper.content["plan"])


def test_a_correction_is_a_new_paper_that_names_the_old(issued, crew, freeze_month, certify, now):
    drafter, reviewer, leader = crew
    certify(1, "341503")
    freeze_month(2024, 10, "裕安区补录1家")
    paper = bulletin.draft_correction(issued, "裕安区漏报1家高新技术企业", actor=drafter, at=now)
    assert paper.corrects == issued and "六科通〔2024〕1号" in text(paper, "correction")
    assert ["高新技术企业总数", "30家", "31家"] in table(paper, "changes")["rows"]
    assert "第2版" in paper.content["data_version"]
    with pytest.raises(Refused, match="必须写明所更正的通报"):
        bulletin.edit_bulletin(paper, {"correction": "更正如下。"}, actor=drafter, at=now)
    paper = bulletin.review_bulletin(paper, actor=reviewer, at=now)
    paper = bulletin.issue_bulletin(paper, actor=leader, at=now)
    assert paper.number == "六科通〔2024〕2号" and check(paper.docx.read()) == []
    with pytest.raises(Refused, match="已有更正通报"):
        bulletin.draft_correction(issued, "再改", actor=drafter, at=now)


def test_a_number_once_given_is_not_given_again(issued, october, crew, freeze_month, now):
    drafter, reviewer, leader = crew
    paper = bulletin.draft_bulletin(october, Period.month(2024, 9), actor=drafter, at=now)
    paper = bulletin.review_bulletin(paper, actor=reviewer, at=now)
    with pytest.raises(Refused, match="已经用过"):
        bulletin.issue_bulletin(paper, actor=leader, at=now, number="六科通[2024]第1号")
    with pytest.raises(Refused, match="年份应为 2024"):
        bulletin.issue_bulletin(paper, actor=leader, at=now, number="六科通〔2023〕5号")
    assert (
        bulletin.issue_bulletin(paper, actor=leader, at=now, number="六科通〔2024〕11号").number == "六科通〔2024〕11号"
    )
    assert next_number(2024) == "六科通〔2024〕12号"


def test_a_returned_bulletin_must_be_reviewed_again(october, crew, now):
    drafter, reviewer, leader = crew
    paper = bulletin.draft_bulletin(october, OCTOBER, actor=drafter, at=now)
    paper = bulletin.review_bulletin(paper, actor=reviewer, at=now)
    with pytest.raises(Refused, match="已核稿，要修改请先退回"):
        bulletin.edit_bulletin(paper, {"overview": "改"}, actor=drafter, at=now)
    with pytest.raises(Refused, match="写明理由"):
        bulletin.return_bulletin(paper, " ", actor=leader, at=now)
    paper = bulletin.return_bulletin(paper, "数字口径写清楚", actor=leader, at=now)
    with pytest.raises(Refused, match="还没有核稿"):
        bulletin.issue_bulletin(paper, actor=leader, at=now)


def test_whoever_edited_it_may_not_review_it(october, crew, now):
    drafter, reviewer, _ = crew
    paper = bulletin.draft_bulletin(october, OCTOBER, actor=drafter, at=now)
    paper = bulletin.edit_bulletin(paper, {"overview": "改写。"}, actor=reviewer, at=now)
    with pytest.raises(Refused, match="另一人核稿"):
        bulletin.review_bulletin(paper, actor=reviewer, at=now)


def test_tables_cannot_be_edited(october, crew, now):
    paper = bulletin.draft_bulletin(october, OCTOBER, actor=crew[0], at=now)
    before = table(paper, "targets")
    paper = bulletin.edit_bulletin(paper, {"targets": "全部完成"}, actor=crew[0], at=now)
    assert table(paper, "targets") == before


def test_one_month_has_one_draft(october, crew, now):
    bulletin.draft_bulletin(october, OCTOBER, actor=crew[0], at=now)
    with pytest.raises(Refused, match="已在起草"):
        bulletin.draft_bulletin(october, OCTOBER, actor=crew[1], at=now)


def test_a_county_reads_issued_bulletins_only(october, crew, person, enter, now):
    paper = bulletin.draft_bulletin(october, OCTOBER, actor=crew[0], at=now)
    client = enter(person("county", region="341502"))
    address = f"/plan/bulletins/{paper.pk}"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/pdf").status_code == 404
    assert "没有通报" in client.get("/plan/bulletins").content.decode()
    paper = bulletin.review_bulletin(paper, actor=crew[1], at=now)
    bulletin.issue_bulletin(paper, actor=crew[2], at=now)
    assert client.get(address).status_code == 200
    assert client.get(f"{address}/docx").status_code == 200
    assert client.get(f"{address}/edit").status_code == 403
    assert client.post(f"{address}/correct", {"reason": "有误"}).status_code == 403
    assert Paper.objects.count() == 1


@pytest.mark.parametrize("role", ["enterprise", "expert", "system_admin"])
def test_strangers_to_the_plan_see_no_bulletins(role, person, enter, make_party):
    party = make_party() if role == "enterprise" else None
    assert enter(person(role, party=party)).get("/plan/bulletins").status_code == 403


def test_the_whole_way_through_the_pages(october, person, enter):
    drafter, reviewer, leader = person("officer", name="陈"), person("officer", name="周"), person("leader", name="方")
    client = enter(drafter)
    address = client.post("/plan/bulletins/new", {"month": "2024-10"}).url
    page = client.get(address).content.decode()
    assert page.count("<textarea") >= 5
    paper = Paper.objects.get()
    client.post(
        address,
        {"title": paper.title, "addressee": "各县区科技局", "copies_to": "市政府办公室", "text-next-1": "抓紧。"},
    )
    base = f"/plan/bulletins/{paper.pk}"
    assert "起草、修改过这份通报的人不能核稿" in client.get(base).content.decode()
    enter(reviewer).post(f"{base}/review")
    answer = enter(leader).post(f"{base}/issue", {"number": "六科通〔2024〕11号"}, follow=True)
    assert "六科通〔2024〕11号" in answer.content.decode() and "没有发现格式问题" in answer.content.decode()
    paper.refresh_from_db()
    assert paper.state == "issued" and paper.content["addressee"] == "各县区科技局"
    file = client.get(f"{base}/pdf")
    assert file.content.startswith(b"%PDF")
    assert enter(drafter).get(f"{base}/edit").status_code == 403


def test_a_month_without_freeze_points_to_freezing(plan, person, enter):
    page = enter(person("officer")).get("/plan/bulletins").content.decode()
    assert "2024年10月" in page and "数据还没有定格" in page


def test_short_of_the_target_never_reads_as_reached():
    assert shown_rate(Decimal("0.99999")) == Decimal("99.9")
    assert shown_rate(Decimal("1")) == Decimal("100.0")
    assert shown_rate(None) is None


def test_the_leader_who_drafted_may_not_issue(october, crew, person, actor_for, now):
    both = person("officer", name="双重")
    Grant.objects.create(account=both, role="leader", from_on=date(2020, 1, 1))
    paper = bulletin.draft_bulletin(october, OCTOBER, actor=actor_for(both), at=now)
    paper = bulletin.review_bulletin(paper, actor=crew[1], at=now)
    with pytest.raises(Refused, match="另一位局领导"):
        bulletin.issue_bulletin(paper, actor=actor_for(both), at=now)


def test_the_platform_itself_may_tell_the_demo_year(october, now):
    paper = bulletin.draft_bulletin(october, OCTOBER, actor=Actor.system("陈"), at=now)
    paper = bulletin.review_bulletin(paper, actor=Actor.system("周"), at=now)
    at = timezone.make_aware(datetime(2024, 11, 5, 10))
    assert bulletin.issue_bulletin(paper, actor=Actor.system("方"), at=at).issued_on == date(2024, 11, 5)


def test_counties_held_to_a_growth_are_ranked_by_it(plan, indicators, make_target, share, now, crew):
    target = make_target("研发经费增速", "growth_ge", "15", indicator="t_share", unit="%", by_county=True)
    for region, value in (("341502", "18.2"), ("341503", "12.5"), ("341504", "12.5"), ("341522", None)):
        share(target, region, 15)
        Reading.objects.create(
            indicator="t_share", region_id=region, period="2024-10", as_of=date(2024, 10, 31), frozen_at=now,
            value=None if value is None else Decimal(value), empty="" if value else "not_reported", source="统计局",
        )  # fmt: skip
    paper = bulletin.draft_bulletin(plan, OCTOBER, actor=crew[0], at=now)
    assert "增速居前的是金安区（18.2%）；靠后的是裕安区（12.5%）、叶集区（12.5%）" in text(paper, f"county-{target.pk}")
    rows = next(b for b in paper.content["blocks"] if b["kind"] == "table" and b["key"].startswith("county"))["rows"]
    assert [r[2:] for r in rows] == [
        ["18.2", "不适用", "1"],
        ["12.5", "不适用", "2"],
        ["12.5", "不适用", "2"],
        [None, None, None],
    ]


def test_a_laggard_is_told_how_far_behind_its_time_it_is(issued):
    held = next(b["text"] for b in issued.content["blocks"] if b.get("key", "").startswith("lag-"))
    assert "目前为30家，比年初净增10家，为全年净增任务的50.0%，低于83.3%的时间进度，进度滞后，由高新科牵头。" in held


def test_a_share_short_of_its_target_is_not_said_to_lag_behind_time(plan, indicators, make_target, now, crew):
    make_target("财政科技支出占比", "ge", "1.8", indicator="t_share", unit="%")
    Reading.objects.create(
        indicator="t_share", region=plan.region, period="2024-10", as_of=date(2024, 10, 31), frozen_at=now,
        value=Decimal("1.66"), source="市财政局",
    )  # fmt: skip
    paper = bulletin.draft_bulletin(plan, OCTOBER, actor=crew[0], at=now)
    held = next(b["text"] for b in paper.content["blocks"] if b.get("key", "").startswith("lag-"))
    assert "目前为1.66%，完成率92.2%，进度偏慢" in held
