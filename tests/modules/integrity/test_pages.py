"""The pages as visitors, case workers, heads, counties and subjects meet them."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keji.kernel import clock
from keji.kernel.parties.models import Person, Standing
from keji.kernel.parties.standings import register_standings
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import Period
from keji.modules.integrity import indicators
from keji.modules.integrity.models import Activity, Case, Lookup, Observation, Report, Sanction
from keji.modules.integrity.services import cases, education, papers, reports
from tests.modules.integrity import telling
from tests.modules.integrity.telling import TEXT, act, at

pytestmark = pytest.mark.django_db
LONG = "某某公司在验收材料中使用了伪造的检测报告，可向检测机构核实。"


def text_of(answer):
    return answer.content.decode()


def hand_in(client, **given):
    return client.post("/public/report", {"accused": "某某公司", "text": LONG, "token": str(uuid4())} | given)


@pytest.fixture
def as_user():
    def make(account):
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


# --- reporting --------------------------------------------------------------------------------------------


def test_anybody_reports_without_a_name_and_reads_the_stage_by_receipt(client, city, people):
    page = text_of(hand_in(client))
    number, code = re.search(r"JB-2024-\d{4}", page)[0], re.search(r'查询码</dt><dd class="mono">(\w{8})', page)[1]
    report = Report.objects.get()
    assert not report.named and report.case.state == "received"
    answer = text_of(client.post("/public/report/check", {"number": number, "code": code.lower()}))
    assert "已收到，等待初核" in answer and LONG[:10] not in answer
    case = act("take_up", report.case, people.worker, date(2024, 11, 12), declared=True)
    act("refuse", case, people.worker, date(2024, 11, 13), ground="r2", note="内部说明", answer="没有可查的线索")
    answer = text_of(client.post("/public/report/check", {"number": number, "code": code}))
    assert "不予受理" in answer and "没有可查的线索" in answer and "内部说明" not in answer


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(client, city):
    hand_in(client)
    report = Report.objects.get()
    one = text_of(client.post("/public/report/check", {"number": report.number, "code": "AAAAAAAA"}))
    other = text_of(client.post("/public/report/check", {"number": "JB-2024-0999", "code": "AAAAAAAA"}))
    sentence = "举报编号或查询码不对"
    assert sentence in one and sentence in other


def test_sent_twice_is_one_report_and_what_is_wrong_is_said(client, city):
    token = str(uuid4())
    hand_in(client, token=token)
    hand_in(client, token=token)
    assert Report.objects.count() == 1
    assert "至少 20 个字" in text_of(hand_in(client, text="太短"))
    assert "请留下手机号或电子邮箱" in text_of(hand_in(client, name="张三"))
    assert "不是 .pdf 文件" in text_of(hand_in(client, file=SimpleUploadedFile("a.pdf", b"MZ virus")))
    assert Report.objects.count() == 1


def test_nobody_floods_the_house(client, city):
    for _ in range(5):
        hand_in(client)
    assert "次数过多" in text_of(hand_in(client))
    assert Report.objects.count() == 5


def test_whoever_is_logged_in_leaves_no_account_on_their_report(person, city, as_user):
    from keji.kernel.audit.models import Entry

    hand_in(as_user(person("officer", name="举报的同事")))
    assert Case.objects.get().created_by_id is None
    entries = Entry.objects.filter(subject_type__startswith="integrity.")
    assert {e.actor_name for e in entries} == {"社会公众"}


def test_a_letter_is_entered_by_a_case_worker_only(people, as_user):
    given = {"channel": "letter", "accused": "某公司", "text": "来信反映", "name": "", "contact": ""}
    as_user(people.accounts["stranger"]).post("/integrity/reports", given)
    assert Report.objects.count() == 0
    as_user(people.accounts["worker"]).post("/integrity/reports", given)
    assert Report.objects.get().channel == "letter"


def test_two_reports_of_one_matter_become_one_case(people, as_user):
    first, second = telling.checked(people), telling.checked(people)
    report = second.reports.get()
    client = as_user(people.accounts["worker"])
    client.post(f"/integrity/reports/{report.pk}/join", {"number": first.number})
    report.refresh_from_db()
    second.refresh_from_db()
    assert report.case == first and second.state == "closed"
    with pytest.raises(Refused, match="已经在本案"):
        reports.join(report, first, actor=people.worker, at=at(telling.ACCEPTED))


# --- the file ---------------------------------------------------------------------------------------------


def test_a_case_is_handled_from_the_pages(people, firm, as_user):
    """Take up, subject, edition, acceptance, finding, measure: by the forms a case worker sees."""
    case = telling.reported().case
    client = as_user(people.accounts["worker"])
    with clock.stopped_at(at(telling.REPORTED)):
        client.post(f"/d/integrity-cases/{case.pk}/step/take_up", {"declared": "on"})
        page = text_of(client.get(f"/integrity/cases/{case.pk}"))
        assert TEXT in page and "登记当事人" in page
        client.post(f"/integrity/cases/{case.pk}/subjects", {"uscc": firm.uscc, "name": "王工"})
        client.post(
            f"/integrity/cases/{case.pk}/basis",
            {"line": "misconduct", "conduct_on": "2023-11-01", "edition": "rule-221", "reason": ""},
        )
        client.post(f"/d/integrity-cases/{case.pk}/step/accept")
        case.refresh_from_db()
        assert case.state == "investigating"
        subject = case.subjects.get()
        assert subject.person == Person.objects.get(name="王工", party=firm)
        client.post(
            f"/integrity/cases/{case.pk}/members",
            {"account": people.accounts["investigator"].pk, "part": "investigator", "declared": "on"},
        )
        prefix = f"s{subject.pk}-"
        given = {f"{prefix}violations": ["2"], f"{prefix}clause": "数据不一致", f"{prefix}severity": "heavy"}
        said = text_of(client.post(f"/integrity/subjects/{subject.pk}/finding", given, follow=True))
        assert "从轻从重因素没有回答" in said
        given |= {f"{prefix}factor_{c}": "no" for c in ("l1", "l2", "l3", "h1", "h2", "h3", "h4")}
        client.post(f"/integrity/subjects/{subject.pk}/finding", given)
        measure = telling.measure("9")
        given = {f"m{subject.pk}-item": measure.pk, f"m{subject.pk}-months": "60"}
        said = text_of(client.post(f"/integrity/subjects/{subject.pk}/sanctions", given, follow=True))
        assert "最长 36 个月" in said
        client.post(f"/integrity/subjects/{subject.pk}/sanctions", given | {f"m{subject.pk}-months": "24"})
        assert Sanction.objects.get().months == 24
        page = text_of(client.get(f"/integrity/cases/{case.pk}"))
        assert "从重：" in page and "24 个月" in page


def test_a_double_click_registers_service_once(people, firm, as_user):
    case = telling.decided(people, telling.found(people, telling.accepted(people, {"party": firm})))
    subject = case.subjects.get()
    client = as_user(people.accounts["worker"])
    prefix = f"v{subject.pk}-"
    given = {f"{prefix}on": "2024-06-14", f"{prefix}how": "直接送达", f"{prefix}to": "经办人"}
    client.post(f"/integrity/subjects/{subject.pk}/serve", given)
    again = text_of(client.post(f"/integrity/subjects/{subject.pk}/serve", given, follow=True))
    assert "已经登记过送达" in again
    assert case.papers.filter(kind="receipt").count() == 1


def test_papers_are_made_as_word_and_pdf_with_what_they_must_say(people, firm):
    case = telling.told_until_served(people, {"party": firm})
    kinds = sorted(case.papers.values_list("kind", flat=True))
    assert kinds == ["acceptance", "decision", "receipt", "report"]
    decision = case.papers.get(kind="decision")
    assert all(w in decision.content for w in ("集体审议", "15个工作日", "24 个月", "情节较重"))
    assert decision.number == "六科信〔2024〕1号"
    assert papers.file_of(decision, "docx")[:2] == b"PK"
    assert papers.file_of(decision, "pdf")[:5] == b"%PDF-"
    with pytest.raises(LookupError):
        papers.file_of(decision, "exe")


def test_the_inspector_notes_and_the_handler_answers(people, firm, as_user):
    case = telling.accepted(people, {"party": firm})
    as_user(people.accounts["inspector"]).post(f"/integrity/cases/{case.pk}/observe", {"text": "请说明回避情况"})
    note = Observation.objects.get()
    as_user(people.accounts["worker"]).post(f"/integrity/observations/{note.pk}/answer", {"text": "已声明"})
    assert "已声明" in text_of(as_user(people.accounts["inspector"]).get(f"/integrity/cases/{case.pk}"))
    as_user(people.accounts["leader"]).post(f"/integrity/cases/{case.pk}/observe", {"text": "x"})
    assert Observation.objects.count() == 1


def test_a_firm_appeals_from_its_own_page_once(people, firm, person, as_user):
    case = telling.told_until_served(people, {"party": firm})
    client, subject = as_user(person("enterprise", party=firm)), case.subjects.get()
    with clock.stopped_at(at(date(2024, 7, 1))):
        assert "对处理决定提出申诉" in text_of(client.get("/integrity/mine"))
        client.post(f"/integrity/mine/{subject.pk}/appeal", {"text": "认定过重"})
        case.refresh_from_db()
        assert case.state == "appealed"
        again = text_of(client.post(f"/integrity/mine/{subject.pk}/appeal", {"text": "再说"}, follow=True))
        assert "提出过申诉" in again and "对处理决定提出申诉" not in again


def test_the_days_for_an_appeal_are_those_of_the_rule_in_force(people, firm, as_user):
    case = telling.told_until_served(people, {"party": firm})
    url = f"/integrity/cases/{case.pk}"
    with clock.stopped_at(at(date(2024, 7, 1))):
        client = as_user(people.accounts["worker"])
        assert "15 个工作日，待核" in text_of(client.get(url))
        ParameterValue.objects.filter(name="integrity.appeal_workdays").update(value=20, certain=True)
        page = text_of(client.get(url))
    assert "20 个工作日" in page and "20 个工作日，待核" not in page


def test_the_sealed_file_says_what_comes_next_and_what_stands_in_the_way(people, firm, as_user):
    case = telling.checked(people)
    page = text_of(as_user(people.accounts["worker"]).get(f"/integrity/cases/{case.pk}"))
    assert "下一步" in page and "还没有登记当事人，请先在案卷中登记" in page


def test_words_longer_than_are_kept_are_refused_not_cut(people, firm, as_user):
    case = telling.checked(people)
    client = as_user(people.accounts["inspector"])
    url = f"/integrity/cases/{case.pk}"
    told = text_of(client.post(f"{url}/observe", {"text": "长" * 2001}, follow=True))
    assert "最多 2,000 字，现有 2,001 字" in told and not Observation.objects.exists()
    client.post(f"{url}/observe", {"text": "一行\r\n" * 500 + "末尾"})  # 1,502 as people count
    assert Observation.objects.get().text.endswith("末尾")


def test_no_page_of_a_case_writes_a_date_as_machines_do(people, firm, person, as_user):
    case = telling.in_force(people, {"party": firm})
    client = as_user(people.accounts["worker"])
    pages = ["/integrity/", "/integrity/register", "/d/integrity-cases/", f"/d/integrity-cases/{case.pk}"]
    for page in [*pages, f"/integrity/cases/{case.pk}"]:
        said = re.sub(r"<[^>]+>", " ", text_of(client.get(page)))
        assert re.findall(r"20\d\d-\d\d-\d\d", said) == [], page
    mine = as_user(person("enterprise", party=firm)).get("/integrity/mine")
    assert re.findall(r"20\d\d-\d\d-\d\d", re.sub(r"<[^>]+>", " ", text_of(mine))) == []


# --- register, check, overview ----------------------------------------------------------------------------


@pytest.fixture
def barred(people, firm):
    row = {"party": firm, "kind": "sanction", "measure": "两年内不得申报", "restricts": ["apply", "recognise"],
           "basis": "六科信〔2024〕9号", "from_on": date(2024, 6, 1), "until_on": date(2026, 5, 31)}  # fmt: skip
    made = register_standings([row], actor=people.worker, at=at(date(2024, 6, 1)))[0]
    return take("confirm", made, actor=people.stranger, at=at(date(2024, 6, 1)))


def test_the_check_answers_for_the_day_asked_and_keeps_what_it_answered(barred, firm, person, as_user):
    client = as_user(person("county", region="341502"))
    given = {"q": firm.uscc, "on": "2026-05-31", "reason": "形式审查"}
    page = text_of(client.post("/integrity/check", given))
    assert "六科信〔2024〕9号" in page and "2 项受限" in page
    assert "没有限制" in text_of(client.post("/integrity/check", given | {"on": "2026-06-01"}))
    assert [row.answer for row in Lookup.objects.order_by("pk")][1] == "没有限制"
    assert "用途" in text_of(client.post("/integrity/check", given | {"reason": ""}))
    assert Lookup.objects.count() == 2


def test_a_county_checks_its_own_units_only(barred, firm, person, as_user):
    client = as_user(person("county", region="341525"))
    page = text_of(client.post("/integrity/check", {"q": firm.uscc, "on": "2024-11-12", "reason": "审核"}))
    assert "没有找到" in page and "六科信" not in page


def test_opening_the_register_is_kept(barred, firm, people, person, as_user):
    page = text_of(as_user(people.accounts["stranger"]).get("/integrity/register"))
    assert firm.name in page
    assert Lookup.objects.get().asked == "受处理名单"
    assert as_user(person("county", region="341502")).get("/integrity/register").status_code == 403
    assert "最近的查询" in text_of(as_user(people.accounts["inspector"]).get("/integrity/register"))


def test_only_what_the_decision_says_is_public_is_on_the_public_list(people, firm, make_party, client):
    from keji.modules.integrity.catalogues import Sanctioned

    case = telling.in_force(people, {"party": firm}, public=True)
    assert not Sanctioned.rows(telling.EFFECTIVE).exists(), "not before the second look"
    take("confirm", Standing.objects.get(), actor=people.stranger, at=at(telling.EFFECTIVE))
    assert firm.name in text_of(client.get("/public/catalogues/integrity-sanctions"))
    Sanction.objects.update(public=False)
    assert firm.name not in text_of(client.get("/public/catalogues/integrity-sanctions"))
    assert case.number not in text_of(client.get("/public/catalogues/integrity-sanctions"))


def test_a_year_without_cases_says_so_and_appointing_is_the_heads(people, as_user):
    page = text_of(as_user(people.accounts["stranger"]).get("/integrity/"))
    assert "办案人员" in page and "不再担任" not in page
    head = as_user(people.accounts["leader"])
    head.post("/integrity/workers", {"account": people.accounts["stranger"].pk})
    assert "case-stranger" in text_of(head.get("/integrity/"))
    with pytest.raises(Refused, match="局领导"):
        cases.appoint_worker(people.accounts["reviewer"], from_on=date(2024, 1, 1), actor=people.worker, at=clock.now())


# --- education --------------------------------------------------------------------------------------------


def reported(actor, region, *, people=30, held_on=date(2024, 5, 16), title="诚信讲座"):
    row = {"region_id": region, "title": title, "kind": "lecture", "held_on": held_on, "place": "政务中心",
           "organiser": "县区科技局", "people": people, "copies": 40}  # fmt: skip
    return education.report_activities([row], actor=actor, at=clock.now(), source="page")[0]


def test_activities_count_once_another_has_confirmed_them(people, person, actor_for):
    county = actor_for(person("county", region="341503"))
    one, two = reported(county, "341503"), reported(county, "341503", people=70, title="培训")
    year = Period.month(2024, 11)
    assert not indicators.Activities().records(year).exists()
    own = reported(people.worker, "341500", title="市级")
    with pytest.raises(Refused, match="两个人"):
        take("confirm", own, actor=people.worker, at=clock.now())
    for record in (one, two):
        take("confirm", record, actor=people.worker, at=clock.now())
    assert indicators.Activities().figures(year) == {"341503": 2}
    assert indicators.PeopleReached().figures(year) == {"341503": 100}
    assert not indicators.Activities().records(Period.month(2024, 4)).exists(), "held in May"


def test_a_county_files_for_itself_and_sees_its_own_ledger(person, as_user, people, actor_for):
    client = as_user(person("county", region="341503"))
    given = {"region": "裕安区", "title": "宣讲", "kind": "lecture", "held_on": "2024-05-01", "place": "a",
             "organiser": "b", "people": "20"}  # fmt: skip
    assert client.post("/d/integrity-activities/new", given).status_code == 302
    assert "已有同名活动" in text_of(client.post("/d/integrity-activities/new", given))
    assert "不在您的管理范围内" in text_of(client.post("/d/integrity-activities/new", given | {"region": "金安区"}))
    assert "不能晚于今天" in text_of(client.post("/d/integrity-activities/new", given | {"held_on": "2030-01-01"}))
    reported(people.worker, "341502", title="别的县区")
    page = text_of(client.get("/d/integrity-activities/"))
    assert "宣讲" in page and "别的县区" not in page
    assert Activity.objects.count() == 2


# --- blocks in use ----------------------------------------------------------------------------------------


def test_a_barred_firm_starts_no_application_for_recognition(barred, firm, now):
    from keji.modules.platforms.models import Call
    from keji.modules.platforms.recognition.services.recognition import apply_refusal

    call = Call(state="open", opens_on=date(2024, 11, 1), closes_on=date(2024, 11, 30), kind="rd_centre", level="city")
    why = apply_refusal(call, firm, Actor.system())
    assert "两年内不得申报" in why and "六科信〔2024〕9号" in why


def test_a_barred_firm_starts_and_hands_in_no_application_of_the_ladder(barred, firm, make_party, now):
    from keji.modules.enterprises.ladder import doors as enterprises

    row = {"rung": "hnte", "year": 2024, "title": "2024年高企申报", "materials": ""}
    made = enterprises.plan_campaigns([row], actor=Actor.system(), at=now, source="page")[0]
    campaign = take("open", made, actor=Actor.system(), at=now)
    batch = campaign.batches.last()
    enterprises.correct_batch(batch, {"due_on": date(2024, 11, 30)}, actor=Actor.system(), at=now)

    def begin(party):
        row = {"party": party, "campaign": campaign, "batch": campaign.batches.last()}
        return enterprises.begin_applications([row], actor=Actor.system(), at=now, source="page")[0]

    with pytest.raises(Refused, match="六科信〔2024〕9号"):
        begin(firm)
    free = begin(make_party("另一家"))
    Standing.objects.update(party=free.party)
    with pytest.raises(Refused, match="两年内不得申报"):
        take("submit", free, actor=Actor.system(), at=now)
