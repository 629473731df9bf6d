"""A campaign from its opening to certificates that count: firm, county, bureau, published list, second person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from keji.kernel import clock
from keji.kernel.parties.models import Standing
from keji.kernel.records.flow import Refused, take
from keji.modules.enterprises.ladder import outlook, paper
from keji.modules.enterprises.ladder.campaign_models import Application, Campaign, PublicLine, PublicList
from keji.modules.enterprises.ladder.services import campaigns, chains, publicity
from keji.modules.enterprises.models import Certification
from tests.modules.enterprises.conftest import SYSTEM, hnte_code, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(db, now):
    """2024 opened with dates borrowed from 2023, the third batch moved to the end of the year."""
    row = {"rung": "hnte", "year": 2024, "title": "2024年高新技术企业认定申报", "materials": "审计报告\n承诺书"}
    made = campaigns.plan_campaigns([row], actor=SYSTEM, at=now, source="page")[0]
    last = made.batches.last()
    campaigns.correct_batch(last, {"due_on": date(2024, 11, 30)}, actor=SYSTEM, at=now)
    return take("open", made, actor=SYSTEM, at=now)


@pytest.fixture
def apply(campaign, make_party, now):
    """apply("六安某某公司", until="recommended") → an application taken that far by the platform."""

    def make(name="", *, until="recommended", party=None, **where):
        row = {"party": party or make_party(name, **where), "campaign": campaign, "batch": campaign.batches.last()}
        record = campaigns.begin_applications([row], actor=SYSTEM, at=now, source="page")[0]
        record = campaigns.tick_materials(record, campaign.material_list, actor=SYSTEM, at=now)
        for step, state in (("submit", "submitted"), ("review", "reviewed"), ("recommend", "recommended")):
            if record.state != until:
                record = take(step, record, actor=SYSTEM, at=now)
                assert record.state == state
        return record

    return make


def listed(campaign, rows, *, kind="proposed", now):
    heads = ("企业名称", "统一社会信用代码", "证书编号", "发证日期")
    content = workbook(heads, rows)
    batch = campaign.batches.last()
    return publicity.upload_list(batch, kind, "公示名单", "名单.xlsx", content, actor=SYSTEM, at=now)


def test_2023_is_on_file_as_its_notice_said_and_later_years_wait_to_be_checked(campaign):
    first = Campaign.objects.get(year=2023)
    assert [b.due_on for b in first.batches.all()] == [date(2023, 5, 15), date(2023, 7, 15), date(2023, 9, 15)]
    assert all(b.certain for b in first.batches.all())
    assert not any(b.certain for b in campaign.batches.all())
    assert "待2024年通知" in campaign.batches.first().cites


def test_a_firm_applies_and_hands_in_when_all_is_at_hand(campaign, make_party, person, enter):
    party = make_party("六安申报科技有限公司")
    client = enter(person("enterprise", party=party))
    batch = campaign.batches.last()
    answer = client.post("/d/applications/new", {"party": party.uscc, "batch": batch.pk, "contact": "陶磊"})
    assert answer.status_code == 302
    record = Application.objects.get()
    said = client.post(f"/d/applications/{record.pk}/step/submit", follow=True).content.decode()
    assert "还有 2 项材料没有勾选备齐" in said
    client.post(f"/enterprises/ladder/applications/{record.pk}/materials", {"ready": campaign.material_list})
    client.post(f"/d/applications/{record.pk}/step/submit")
    record.refresh_from_db()
    assert record.state == "submitted"
    again = client.post("/d/applications/new", {"party": party.uscc, "batch": batch.pk})
    assert "不能重复申报" in again.content.decode()


def test_a_firm_applies_for_itself_only(campaign, make_party, person, enter):
    client = enter(person("enterprise", party=make_party()))
    answer = client.post("/d/applications/new", {"party": make_party().uscc, "batch": campaign.batches.last().pk})
    assert "不在您的管理范围内" in answer.content.decode()
    assert not Application.objects.exists()


def test_after_its_last_day_a_batch_takes_nothing(apply, now):
    record = apply(until="draft")
    late = now.replace(month=12, day=1)
    with pytest.raises(Refused, match="已于2024年11月30日截止"):
        take("submit", record, actor=SYSTEM, at=late)
    assert take("submit", record, actor=SYSTEM, at=now.replace(month=11, day=30)).state == "submitted"


def test_a_county_returns_once_then_decides(apply, person, actor_for, now):
    clerk = actor_for(person("county", region="341502"))
    record = take("send_back", apply(until="submitted"), actor=clerk, at=now, reason="缺少审计报告")
    record = take("submit", record, actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="已经退回补正过一次"):
        take("send_back", record, actor=clerk, at=now, reason="还缺")
    assert take("review", record, actor=clerk, at=now).state == "reviewed"


def test_another_county_reviews_nothing_here(apply, person, actor_for, now):
    clerk = actor_for(person("county", region="341503"))
    with pytest.raises(Refused, match="不在您的县区"):
        take("review", apply(until="submitted"), actor=clerk, at=now)


def test_whoever_reviewed_does_not_recommend(apply, person, actor_for, now):
    officer = actor_for(person("officer"))
    record = take("review", apply(until="submitted"), actor=officer, at=now)
    with pytest.raises(Refused, match="必须是两个人"):
        take("recommend", record, actor=officer, at=now)


def test_the_recommendation_list_is_a_paper(apply, person, enter):
    record = apply("六安推荐科技有限公司")
    client = enter(person("officer"))
    word = client.get(f"/enterprises/ladder/batches/{record.batch_id}/recommended.docx")
    assert word.content[:2] == b"PK"
    said = paper.recommendation(record.batch, clock.today())
    assert "六安推荐科技有限公司" in str(said.body[1].rows) and "推荐1家企业" in said.body[0].text


def test_results_come_as_a_sheet_and_only_for_what_was_recommended(apply, person, enter, now):
    good, early = apply(), apply(until="submitted")
    client = enter(person("officer"))
    values = {"rung": "hnte", "year": 2024, "passed": "False", "note": "未达70分"}
    wrong = client.post("/d/application-results/new", {"party": early.party.uscc, **values})
    assert "还不能登记结果" in wrong.content.decode()
    client.post("/d/application-results/new", {"party": good.party.uscc, **values})
    good.refresh_from_db()
    assert (good.state, good.result) == ("failed", "未达70分")
    assert client.get("/d/application-results/template").content[:2] == b"PK"


@pytest.mark.parametrize("role", ["county", "enterprise"])
def test_only_the_bureau_enters_results(role, person, enter, make_party):
    who = person(role, region="341502") if role == "county" else person(role, party=make_party())
    assert enter(who).get("/d/application-results/new").status_code == 403


def test_a_published_list_is_compared_by_code_by_name_and_by_former_name(campaign, apply, make_party, now):
    by_code, _, renamed = (
        apply("六安一号科技有限公司"),
        apply("六安（二号）科技有限公司"),
        apply("六安新名科技有限公司"),
    )
    renamed.party.names.create(name="六安老名科技有限公司", until_on=date(2024, 9, 30))
    early, idle, absent = apply(until="submitted"), make_party("六安没报科技有限公司"), apply("六安落榜科技有限公司")
    rows = [
        ("随便写的名字", by_code.party.uscc),
        ("六安(二号)科技有限公司", ""),
        ("六安老名科技有限公司", ""),
        (early.party.name, ""),
        (idle.name, ""),
        ("合肥外地科技有限公司", ""),
    ]
    sheet = listed(campaign, rows, now=now)
    assert [x.match for x in sheet.lines.all()] == [
        *("matched", "matched", "former", "other_batch", "not_applied", "unknown")
    ]
    assert absent.pk not in set(sheet.lines.values_list("application", flat=True))


def test_a_list_takes_effect_when_a_person_has_settled_every_line(campaign, apply, person, enter, now):
    record, stranger = apply("六安上榜科技有限公司"), "合肥外地科技有限公司"
    sheet = listed(campaign, [(record.party.name, ""), (stranger, "")], now=now)
    client = enter(person("officer"))
    page = client.get(f"/enterprises/ladder/public/{sheet.pk}").content.decode()
    assert "查无此企业" in page
    said = client.post(f"/enterprises/ladder/public/{sheet.pk}/register", follow=True).content.decode()
    assert "还有 1 家没有核定" in said
    line = PublicLine.objects.get(name=stranger)
    client.post(f"/enterprises/ladder/public/lines/{line.pk}", {"choice": "not_ours"})
    client.post(f"/enterprises/ladder/public/{sheet.pk}/register")
    record.refresh_from_db()
    assert record.state == "passed"
    again = client.post(f"/enterprises/ladder/public/{sheet.pk}/register", follow=True).content.decode()
    assert "已经登记过" in again


def test_one_application_is_one_line(campaign, apply, now):
    record = apply("六安上榜科技有限公司")
    sheet = listed(campaign, [(record.party.name, ""), ("六安上榜科技公司", "")], now=now)
    second = sheet.lines.last()
    with pytest.raises(Refused, match="已经对上名单中的另一行"):
        publicity.settle_line(second, "settled", application=record, actor=SYSTEM, at=now)


def test_certificates_of_the_list_count_once_a_second_person_confirms(campaign, apply, person, actor_for, now):
    record = apply("六安发证科技有限公司")
    code, officer = hnte_code(7), actor_for(person("officer"))
    sheet = listed(campaign, [(record.party.name, "", code, date(2024, 10, 29))], kind="certified", now=now)
    publicity.register(sheet, actor=officer, at=now)
    record.refresh_from_db()
    assert (record.state, record.certification.certificate_code) == ("certified", code)
    assert not Certification.objects.valid_on(clock.today()).exists()
    with pytest.raises(Refused, match="必须是两个人"):
        take("confirm", record.certification, actor=officer, at=now)
    take("confirm", record.certification, actor=actor_for(person("officer")), at=now)
    assert Certification.objects.valid_on(clock.today()).count() == 1


def test_a_malformed_certificate_stops_the_whole_list(campaign, apply, now):
    record = apply("六安发证科技有限公司")
    sheet = listed(campaign, [(record.party.name, "", "GR20243400001", date(2024, 10, 29))], kind="certified", now=now)
    with pytest.raises(Refused, match="第 2 行"):
        publicity.register(sheet, actor=SYSTEM, at=now)
    assert not Certification.objects.exists()


def test_a_wrong_file_is_a_sentence(campaign, person, enter, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    batch = campaign.batches.last()
    file = SimpleUploadedFile("名单.xlsx", b"not a sheet")
    answer = enter(person("officer")).post(
        f"/enterprises/ladder/batches/{batch.pk}/public", {"kind": "proposed", "title": "公示", "file": file}
    )
    assert answer.status_code == 200 and not PublicList.objects.exists()
    assert "is-invalid" in answer.content.decode() or "invalid-feedback" in answer.content.decode()


def test_the_forecast_adds_up_and_every_part_has_its_list(campaign, apply, confirmed, person, enter):
    confirmed("hnte", date(2022, 10, 1))
    lapsing = confirmed("hnte", date(2021, 11, 20))
    apply(party=lapsing.party)
    apply()
    apply(until="submitted")
    still = confirmed("hnte", date(2023, 10, 1))
    apply(party=still.party)  # in the stock anyway: adds nothing
    found = outlook.year_end("hnte", clock.today(), goal=10)
    assert (found.stock, found.low, found.high) == (3, 2, 5)
    assert found.needed == 8
    html = enter(person("officer")).get("/enterprises/ladder/outlook?goal=10").content.decode()
    assert "还需 <strong>8</strong> 家" in html
    listed_ = enter(person("officer")).get(
        "/enterprises/ladder/applications?rung=hnte&year=2024&adding=1&state=recommended"
    )
    assert "共 2 条" in listed_.content.decode()


def test_too_few_decided_applications_give_no_share(campaign):
    assert outlook.pass_rate("hnte", 2024)[0] is None


def test_the_progress_board_counts_by_county(campaign, apply, person, enter):
    apply(region="341503")
    html = enter(person("leader")).get(f"/enterprises/ladder/campaigns/{campaign.pk}").content.decode()
    assert (
        "裕安区" in html
        and "待核" in html
        and "rung=hnte&amp;year=2024&amp;region=341503&amp;state=recommended" in html
    )


def test_a_chain_shows_its_gaps_until_a_firm_with_a_title_stands_there(person, enter, confirmed, now):
    from keji.modules.enterprises.ladder.chain_models import FocusIndustry

    industry = FocusIndustry.objects.get(name="新能源汽车零部件")
    segment = industry.segments.first()
    client = enter(person("county", region="341502"))
    page = f"/enterprises/ladder/chains/{industry.pk}"
    before = client.get(page).content.decode().count("没有企业")
    party = confirmed("hnte", date(2024, 1, 5)).party
    rows = [{"segment": segment, "party": party, "product": "隔膜"}]
    for _ in range(2):
        chains.place_firms(rows, actor=SYSTEM, at=now, source="page")
    html = client.get(page).content.decode()
    assert html.count("没有企业") < before and "家高企" in html
    assert party.name in client.get(f"{page}/firms?hnte=1").content.decode()


def test_deadlines_are_told_in_days(campaign, person, enter, now):
    with clock.stopped_at(now + timedelta(days=1)):
        html = enter(person("officer")).get(f"/enterprises/ladder/campaigns/{campaign.pk}").content.decode()
    assert "还有 17 天" in html and "已截止" in html


def test_a_barred_firm_is_left_out_with_its_reason_and_the_others_go_on(campaign, make_party, now):
    free, barred = make_party("守信公司"), make_party("受限公司")
    row = {"kind": "sanction", "measure": "两年内不得申报", "basis": "六科信〔2024〕9号", "from_on": date(2024, 1, 1)}
    Standing.objects.create(party=barred, restricts=["recognise"], **row)
    rows = [{"party": p, "campaign": campaign, "batch": campaign.batches.last()} for p in (barred, free)]
    made = campaigns.begin_applications(rows, actor=SYSTEM, at=now, source="page")
    assert [a.party for a in made] == [free]
    assert len(made.refused) == 1 and "受限公司" in made.refused[0] and "六科信〔2024〕9号" in made.refused[0]
    with pytest.raises(Refused, match="受限公司"):
        campaigns.begin_applications(rows[:1], actor=SYSTEM, at=now, source="page")
