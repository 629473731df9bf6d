"""A year's assessment: self-report, county's check, three experts, grade, and findings put right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from keji.kernel.audit.log import verify
from keji.kernel.documents.models import attachments_of
from keji.kernel.people.models import Account
from keji.kernel.records.flow import Refused, take
from keji.lib.paper.check import check as layout
from keji.modules.platforms.assessment.services import assessment, mending, schemes, scoring
from keji.modules.platforms.assessment.services.scoring import failed_twice
from keji.modules.platforms.models import Assessment, Campaign, Finding, Scheme
from keji.site.todo import todo_items
from tests.modules.platforms.telling import (
    SYSTEM,
    agreed,
    frozen_scheme,
    graded,
    launched,
    marked,
    on,
    pdf,
    reported,
    standing,
)

pytestmark = pytest.mark.django_db
MARCH, JUNE, JULY = date(2024, 3, 11), date(2024, 6, 3), date(2024, 7, 10)


@pytest.fixture
def centre(firm, now):
    return standing(firm, now, recognised_on=date(2022, 5, 30))


@pytest.fixture
def campaign(centre, city):
    with on(MARCH) as at:
        return launched(frozen_scheme(at), 2023, at)


@pytest.fixture
def record(campaign):
    return campaign.assessments.select_related("campaign__scheme", "party").get()


def test_from_the_self_report_to_the_last_finding(people, record, campaign):
    """A failing platform is told what to mend, mends it, is looked at again for that alone, and is closed."""
    with on(MARCH) as at:
        record = reported(record, at, people.host)
        record = agreed(record, at, people.county)
        for name in ("甲", "乙", "丙"):
            marked(record, name, Decimal(5), at)
        record = take("grade", record, actor=people.officer, at=at)
    assert (record.grade, record.score, record.failing) == ("不合格", Decimal("50.0000"), True)
    with on(JUNE) as at:
        mending.add_finding(record, "辅助账不全", actor=people.officer, at=at)
        mending.add_finding(record, "人员不足", actor=people.officer, at=at)
        with pytest.raises(Refused, match="结果公布后"):
            take("draft_mending", record, actor=people.officer, at=at, document_number="六科成〔2024〕13号")
        take("publish", campaign, actor=people.officer, at=at)
        with pytest.raises(Refused, match="须先下达整改通知"):
            take("close", record, actor=people.officer, at=at)
        with pytest.raises(Refused):
            take("draft_mending", record, actor=people.officer, at=at, document_number="十三号")
        record = take("draft_mending", record, actor=people.officer, at=at, document_number="六科成〔2024〕13号")
        assert (record.state, record.due_on, record.paper) == ("ordered", None, None)
        with pytest.raises(Refused, match="拟稿和签发必须是两个人"):
            take("order_mending", record, actor=people.officer, at=at)
        record = take("return_notice", record, actor=people.second, at=at, reason="问题写得不具体")
        assert (record.state, record.notice_number) == ("graded", "")
        record = take("draft_mending", record, actor=people.officer, at=at, document_number="六科成〔2024〕13号")
        record = take("order_mending", record, actor=people.second, at=at)
    assert (record.paper.drafted_by, record.paper.issued_by) == (people.officer.name, people.second.name)
    assert (record.state, record.due_on) == ("mending", date(2024, 7, 16))
    assert [f.message for f in layout(record.paper.docx.read()) if f.severity == "error"] == []
    first, second = record.findings.all()
    with on(JULY) as at:
        with pytest.raises(Refused, match="整改情况最多 1000 个字，现在有 1001 个"):
            mending.answer(record, {first.pk: "建" * 1001}, actor=people.host, at=at)
        mending.answer(record, {first.pk: "建\r\n" * 500}, actor=people.host, at=at)  # the box counts a line end once
        mending.answer(record, {first.pk: "已补建"}, actor=people.host, at=at)
        with pytest.raises(Refused, match="还有 1 个问题没有填写"):
            take("send_mended", record, actor=people.host, at=at)
        mending.answer(record, {first.pk: "已补建", second.pk: "新招三人"}, actor=people.host, at=at)
        mending.add_proof(second, pdf("社保.pdf"), actor=people.host, at=at)
        record = take("send_mended", record, actor=people.host, at=at)
        with pytest.raises(Refused, match="请写明哪里不行"):
            mending.review(record, {second.pk: (False, "")}, actor=people.officer, at=at)
        looked = {first.pk: (True, ""), second.pk: (False, "社保不全")}
        mending.review(record, looked, actor=people.officer, at=at)
        with pytest.raises(Refused, match="还有 1 个问题没有复核通过"):
            take("close", record, actor=people.officer, at=at)
        record = take("mend_again", record, actor=people.officer, at=at, reason="社保不全")
        mending.answer(record, {first.pk: "改写", second.pk: "已补齐"}, actor=people.host, at=at)
        record = take("send_mended", record, actor=people.host, at=at)
        first.refresh_from_db()
        assert (first.answer, first.settled) == ("已补建", True)  # what was settled stays as it was
        mending.review(record, {second.pk: (True, "")}, actor=people.officer, at=at)
        assert take("close", record, actor=people.officer, at=at).state == "closed"
    assert verify().sound


@pytest.mark.parametrize(
    ("state", "on", "late"),
    [("mending", date(2024, 7, 30), 0), ("mending", date(2024, 8, 2), 3), ("mended", date(2024, 8, 2), 0)],
)
def test_a_mending_past_its_time_says_by_how_much(state, on, late):
    record = Assessment(state=state, due_on=date(2024, 7, 30))
    assert mending.days_late(record, on) == late


def test_publishing_closes_those_with_nothing_to_mend(people, record, campaign):
    with on(MARCH) as at:
        with pytest.raises(Refused, match="还有 1 家没有评定等次"):
            take("publish", campaign, actor=people.officer, at=at)
        record = graded(record, Decimal(9), at)
        assert record.grade == "优秀"
        take("publish", campaign, actor=people.officer, at=at)
    record.refresh_from_db()
    assert record.state == "closed"


def test_grades_stay_inside_the_bureau_until_published(people, record, campaign, enter):
    with on(MARCH) as at:
        record = graded(record, Decimal(9), at)
    host = enter(Account.objects.get(username="host-a"))
    assert "优秀" not in host.get(f"/d/assessments/{record.pk}").content.decode()
    assert "优秀" not in host.get("/d/assessments/").content.decode()
    officer = enter(Account.objects.get(username="officer-a"))
    assert "优秀" in officer.get(f"/d/assessments/{record.pk}").content.decode()
    take("publish", campaign, actor=people.officer, at=record.state_since)
    host = enter(Account.objects.get(username="host-a"))
    html = host.get(f"/d/assessments/{record.pk}").content.decode()
    assert "优秀" in html
    assert "甲" not in html  # which expert gave what is not the host's to know


def test_a_self_report_is_sent_when_every_item_has_text_points_and_evidence(people, record):
    with on(MARCH) as at:
        with pytest.raises(Refused, match="还有 10 项没有填完"):
            take("report", record, actor=people.host, at=at)
        keys = record.reports.values_list("pk", flat=True)
        with pytest.raises(Refused, match="应在 0 到 10 之间"):
            assessment.save_self_report(record, {keys[0]: ("好", Decimal(11))}, actor=people.host, at=at)
        assessment.save_self_report(record, {pk: ("好", Decimal(8)) for pk in keys}, actor=people.host, at=at)
        with pytest.raises(Refused, match="还有 8 项没有填完"):
            take("report", record, actor=people.host, at=at)
        with pytest.raises(Refused, match="由平台依托单位填写"):
            assessment.save_self_report(record, {}, actor=people.county, at=at)
    with on(date(2024, 5, 1)) as at, pytest.raises(Refused, match="自评时间为2024年3月11日至2024年4月10日"):
        take("report", record, actor=people.host, at=at)


def test_the_county_checks_item_by_item_and_sends_back_what_it_doubts(people, record):
    with on(MARCH) as at:
        record = reported(record, at, people.host)
        assert [i["step"] for i in todo_items(people.county) if i["number"] == record.number] == ["核实通过"]
        with pytest.raises(Refused, match="还有 10 项没有核实"):
            take("pass_check", record, actor=people.county, at=at)
        keys = list(record.reports.values_list("pk", flat=True))
        with pytest.raises(Refused, match="由平台所在县区核实"):
            assessment.save_checks(record, {keys[0]: (True, "")}, actor=people.other_county, at=at)
        with pytest.raises(Refused, match="请写明原因"):
            assessment.save_checks(record, {keys[0]: (False, "")}, actor=people.county, at=at)
        doubts = dict.fromkeys(keys[1:], (True, "")) | {keys[0]: (False, "与税务数不一致")}
        assessment.save_checks(record, doubts, actor=people.county, at=at)
        with pytest.raises(Refused, match="有 1 项不认可"):
            take("pass_check", record, actor=people.county, at=at)
        record = take("send_back", record, actor=people.county, at=at, reason="请补充")
        assessment.save_self_report(record, {keys[0]: ("附说明", Decimal(7))}, actor=people.host, at=at)
        assert record.reports.get(pk=keys[0]).agreed is None  # what was changed is checked anew
        assert record.reports.get(pk=keys[1]).agreed is True
        assert take("report", record, actor=people.host, at=at).state == "reported"


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [("六安明德机械有限公司", "应当回避"), (" 六安明德 机械有限公司", "应当回避"), ("六安旧名有限公司", "应当回避")],
)
def test_nobody_judges_their_own_unit_under_any_of_its_names(unit, sentence, people, record):
    record.party.names.create(name="六安旧名有限公司", until_on=date(2020, 1, 1))
    with on(MARCH) as at:
        record = agreed(reported(record, at), at)
        with pytest.raises(Refused, match=sentence):
            marked(record, "甲", Decimal(8), at, unit=unit)


def test_the_panel_is_odd_three_at_least_and_marks_everything(people, record):
    with on(MARCH) as at:
        record = agreed(reported(record, at), at)
        for count, sentence in ((0, "至少要 3 位"), (1, "至少要 3 位"), (2, "至少要 3 位")):
            with pytest.raises(Refused, match=sentence):
                take("grade", record, actor=people.officer, at=at)
            marked(record, f"专家{count}", Decimal(8), at)
        marked(record, "专家3", Decimal(8), at)
        with pytest.raises(Refused, match="应为单数，现在是 4 位"):
            take("grade", record, actor=people.officer, at=at)
        with pytest.raises(Refused, match="已经登记过"):
            marked(record, "专家3", Decimal(8), at)
        with pytest.raises(Refused, match="全部 10 项打分"):
            scoring.save_panelist(
                record, name="少", unit="某校", visited_on=MARCH, marks={}, actor=people.officer, at=at
            )
        scoring.drop_panelist(record.panel.last(), actor=people.officer, at=at)
        assert take("grade", record, actor=people.officer, at=at).grade == "良好"


def test_failing_twice_running_is_flagged_once_is_not(people, firm, make_party, city, now):
    twice = standing(firm, now, recognised_on=date(2021, 5, 30))
    once = standing(make_party(), now, recognised_on=date(2021, 5, 30))
    with on(MARCH) as at:
        scheme = frozen_scheme(at)
    for year, points in ((2021, {twice: 5, once: 5}), (2022, {twice: 9, once: 5}), (2023, {twice: 5, once: 9})):
        _year(scheme, year, points)
    assert failed_twice([twice.pk, once.pk]) == []
    _year(scheme, 2024, {twice: 5, once: 9})
    assert failed_twice([twice.pk, once.pk]) == [twice]


def _year(scheme, year, points):
    with on(MARCH) as at:
        campaign = launched(scheme, year, at)
        for record in campaign.assessments.select_related("campaign__scheme", "party", "platform"):
            graded(record, Decimal(points[record.platform]), at)
        take("publish", campaign, actor=SYSTEM, at=at)


def test_a_frozen_scheme_never_changes_and_its_next_edition_starts_from_it(people, city, now):
    draft = schemes.draft_starter(actor=people.officer, at=now)
    with pytest.raises(Refused, match="两个人"):
        take("freeze", draft, actor=people.officer, at=now)
    scheme = take("freeze", draft, actor=people.second, at=now)
    with pytest.raises(Refused, match="另起一版"):
        schemes.replace_items(scheme, [], [], actor=people.officer, at=now)
    following = schemes.next_edition(scheme, actor=people.officer, at=now)
    assert (following.state, following.items.count(), following.bands.count()) == ("draft", 10, 4)
    assert following.edition != scheme.edition


@pytest.mark.parametrize(
    ("weight", "lowest", "sentence"),
    [("9", "0", "权重合计 99，应为 100"), ("10", "5", "最低一档从 0 分起")],
)
def test_a_scheme_that_does_not_add_up_is_not_frozen(weight, lowest, sentence, people, city, now):
    draft = schemes.draft_starter(actor=people.officer, at=now)
    item, band = draft.items.first(), draft.bands.last()
    item.weight, band.at_least = Decimal(weight), Decimal(lowest)
    item.save()
    band.save()
    with pytest.raises(Refused, match=sentence):
        take("freeze", draft, actor=people.second, at=now)


def test_only_standing_platforms_of_that_kind_level_and_year_are_asked(people, firm, make_party, city, now):
    asked = standing(firm, now, recognised_on=date(2022, 5, 30))
    standing(make_party(), now, recognised_on=date(2024, 1, 5))  # not there in 2023
    standing(make_party(), now, level="provincial", recognised_on=date(2022, 5, 30))
    standing(make_party(), now, kind="key_laboratory", recognised_on=date(2022, 5, 30))
    standing(make_party(), now, recognised_on=date(2021, 1, 4), valid_until=date(2024, 1, 3))
    with on(MARCH) as at:
        campaign = launched(frozen_scheme(at), 2023, at)
    assert [a.platform for a in campaign.assessments.all()] == [asked]


def test_a_campaign_on_a_draft_scheme_is_not_launched(people, centre, city, now):
    draft = schemes.draft_starter(actor=people.officer, at=now)
    row = {
        "title": "x",
        "scheme": draft,
        "level": "city",
        "year": 2023,
        "opens_on": date(2024, 11, 1),
        "closes_on": date(2024, 12, 1),
        "county_days": 10,
        "rectify_days": 30,
    }
    made = assessment.draft_campaigns([row], actor=people.officer, at=now, source="page")[0]
    with pytest.raises(Refused, match="还没有定版"):
        take("launch", made, actor=people.officer, at=now)
    assert Campaign.objects.get().state == "draft"


def test_pages_of_an_assessment_for_each_part(people, record, enter):
    with on(MARCH) as at:
        host = enter(Account.objects.get(username="host-a"))
        page = f"/platforms/assessments/{record.pk}/report"
        assert host.get(page).status_code == 200
        first = record.reports.first()
        assert host.post(page, {f"text_{first.pk}": "好", f"points_{first.pk}": "12"}).status_code == 422
        assert host.post(page, {f"text_{first.pk}": "好", f"points_{first.pk}": "8"}).status_code == 302
        assert record.reports.get(pk=first.pk).points == 8
        record = reported(record, at)
        assert host.get(page).status_code == 403
        county = enter(Account.objects.get(username="county-a"))
        data = {f"agreed_{r.pk}": "yes" for r in record.reports.all()}
        assert county.post(f"/platforms/assessments/{record.pk}/check", data).status_code == 302
        assert county.get(f"/platforms/assessments/{record.pk}/marks").status_code == 403
        record = take("pass_check", record, actor=people.county, at=at)
        officer = enter(Account.objects.get(username="officer-a"))
        marks = {f"points_{i.pk}": "8" for i in record.campaign.scheme.items.all()}
        who = {"name": "甲", "unit": "某大学", "visited_on": "2024-03-11"}
        assert officer.post(f"/platforms/assessments/{record.pk}/marks", who | marks).status_code == 302
        assert officer.post(f"/platforms/assessments/{record.pk}/marks", who).status_code == 422
        assert Assessment.objects.get().panel.count() == 1
        file = next(a for r in record.reports.all() for a in attachments_of(r))
        other = enter(Account.objects.get(username="county-b"))
        assert other.get(f"/platforms/files/{file.pk}").status_code == 404


def test_an_officer_edits_a_draft_scheme_on_one_page(people, city, enter, now):
    scheme = schemes.draft_starter(actor=people.officer, at=now)
    officer = enter(Account.objects.get(username="officer-a"))
    page = f"/platforms/schemes/{scheme.pk}/items"
    assert officer.get(page).status_code == 200
    data = {"items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0", "bands-TOTAL_FORMS": "2", "bands-INITIAL_FORMS": "0"}
    for n in range(2):
        data |= {f"items-{n}-group": "投入", f"items-{n}-name": f"指标{n}", f"items-{n}-weight": "50"}
        data |= {f"items-{n}-full": "10", f"items-{n}-method": "按实际", f"items-{n}-evidence": ""}
    data |= {"bands-0-grade": "合格", "bands-0-at_least": "60", "bands-1-grade": "不合格", "bands-1-at_least": "0"}
    assert officer.post(page, data | {"items-0-weight": "x"}).status_code == 422
    assert officer.post(page, data).status_code == 302
    scheme = Scheme.objects.get(pk=scheme.pk)
    assert [i.name for i in scheme.items.all()] == ["指标0", "指标1"]
    assert take("freeze", scheme, actor=people.second, at=now).state == "frozen"


def test_an_answer_too_long_is_given_back_to_be_shortened(people, record, enter):
    finding = Finding.objects.create(assessment=record, text="辅助账不全")
    type(record).objects.filter(pk=record.pk).update(
        state="mending", score=Decimal(50), grade="不合格", due_on=date(2024, 7, 16)
    )  # fmt: skip
    host = Account.objects.get(pk=people.host.account_id)
    said = "很长" * 600
    page = enter(host).post(f"/platforms/assessments/{record.pk}/answers", {f"answer_{finding.pk}": said})
    assert said in page.content.decode()
    assert "最多 1000 个字，现在有 1200 个" in page.content.decode()
    finding.refresh_from_db()
    assert finding.answer == ""
