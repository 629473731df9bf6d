"""Nobody learns what is sealed: role × page × list × export × API × search × log × link, and the reporter above all."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from keji.kernel.audit.models import Entry
from keji.kernel.documents.models import Attachment
from keji.kernel.people.models import Delegation
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Link
from keji.modules.integrity.models import Case, Report
from keji.modules.integrity.services import cases, looking, mine
from tests.modules.integrity import telling
from tests.modules.integrity.telling import CONTACT, REPORTER, TEXT, act, at

pytestmark = pytest.mark.django_db
SECRETS = (REPORTER, CONTACT, TEXT[:12])


@pytest.fixture
def as_user():
    def make(account):
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def case(people, firm, scientist):
    """A case in force over a firm and a scientist, told by a named reporter, with evidence."""
    return telling.in_force(people, {"party": firm}, {"person": scientist})


@pytest.fixture
def outsiders(people, firm, make_party, person):
    """Everybody who has no part in it, and the subjects."""
    return {
        "stranger": people.accounts["stranger"],
        "county": person("county", region="341502"),
        "firm": person("enterprise", party=firm),
        "other firm": person("enterprise", party=make_party("别的公司")),
        "school": person("institution", party=make_party("学院", kind="institution")),
        "expert": person("expert"),
        "system": person("system_admin"),
        "security": person("security_admin"),
        "audit": person("audit_admin"),
    }


def pages(case):
    report, paper = case.reports.get(), case.papers.first()
    return [
        f"/d/integrity-cases/{case.pk}",
        f"/d/integrity-cases/{case.pk}/edit",
        f"/integrity/cases/{case.pk}",
        f"/integrity/papers/{paper.pk}.docx",
        f"/r/{case.number}",
        f"/r/{report.number}",
    ]


def test_who_has_no_part_opens_no_page_of_it(case, outsiders, as_user):
    for name, account in outsiders.items():
        client = as_user(account)
        for address in pages(case):
            answer = client.get(address)
            assert answer.status_code in (403, 404), f"{name}: {address}"
            assert not any(s in answer.content.decode() for s in SECRETS)


def test_who_has_no_part_writes_nothing(case, outsiders, as_user):
    report, subject = case.reports.get(), case.subjects.first()
    acts = [
        f"/integrity/reports/{report.pk}/reveal", f"/integrity/cases/{case.pk}/evidence",
        f"/integrity/cases/{case.pk}/members", f"/integrity/cases/{case.pk}/recuse",
        f"/integrity/cases/{case.pk}/subjects", f"/integrity/subjects/{subject.pk}/finding",
        f"/integrity/subjects/{subject.pk}/serve", f"/d/integrity-cases/{case.pk}/step/close",
        f"/d/integrity-cases/{case.pk}/links", f"/integrity/cases/{case.pk}/observe",
    ]  # fmt: skip
    before = Entry.objects.count()
    for name, account in outsiders.items():
        for address in acts:
            answer = as_user(account).post(address, {"reason": "想看", "text": "x", "note": "x"})
            assert answer.status_code in (403, 404), f"{name}: {address}"
    assert Entry.objects.count() == before


def test_lists_sheets_and_search_show_it_to_nobody_else(case, outsiders, as_user):
    for name, account in outsiders.items():
        client = as_user(account)
        for address in ("/d/integrity-cases/", "/d/integrity-cases/export"):
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert case.number.encode() not in body, f"{name}: {address}"
        found = client.get("/search", {"q": case.number})
        never = client.get("/search", {"q": "CX-2031-0777"})
        assert found.status_code == never.status_code == 200, f"{name}: a number given and one never given"
        assert client.get("/todo").content.decode().count(case.number) == 0


def test_a_number_that_was_given_and_one_that_was_not_are_answered_alike(case, outsiders, as_user):
    for account in outsiders.values():
        client = as_user(account)
        given, never = (
            re.sub(rf'{number}|Token": "\w+|value="\w+', "", client.get(f"/r/{number}").content.decode())
            for number in (case.number, "CX-2031-0777")
        )
        assert given == never


def test_the_interface_keeps_to_the_same_reach(case, people, outsiders):
    from keji.desk.desk import desk_of

    desk = desk_of(Case)
    for account in outsiders.values():
        assert not desk.records(account.actor(date(2024, 11, 12))).exists()
        assert not Case.objects.writable_by(account.actor(date(2024, 11, 12))).exists()
    assert desk.records(people.worker).get() == case
    shown = {*desk.columns, *(f for _, names in desk.facts for f in names)}
    sealed = {f.name for f in Case._meta.get_fields() if "Sealed" in type(f).__name__}
    assert not shown & sealed and not desk.sealed


def test_the_case_is_open_to_its_own_people_the_heads_and_the_inspector(case, people, as_user):
    for name in ("worker", "investigator", "leader", "second_leader", "inspector"):
        client = as_user(people.accounts[name])
        assert client.get(f"/d/integrity-cases/{case.pk}").status_code == 200, name
        answer = client.get(f"/integrity/cases/{case.pk}")
        assert answer.status_code == 200, name
        assert REPORTER not in answer.content.decode() and CONTACT not in answer.content.decode(), name


def test_every_look_at_the_file_is_in_the_log(case, people, as_user):
    before = Entry.objects.count()
    client = as_user(people.accounts["leader"])
    client.get(f"/integrity/cases/{case.pk}")
    client.get(f"/integrity/papers/{case.papers.first().pk}.docx")
    told = list(Entry.objects.filter(position__gte=before).order_by("position").values_list("action", "actor_name"))
    assert told == [("查阅案卷", "case-leader"), ("下载文书", "case-leader")]


def test_only_the_handler_and_the_inspector_learn_who_reported_and_it_is_kept(case, people, as_user):
    report = case.reports.get()
    for name in ("investigator", "leader", "second_leader"):
        answer = as_user(people.accounts[name]).post(
            f"/integrity/reports/{report.pk}/reveal", {"reason": "想知道"}, follow=True
        )
        assert REPORTER not in answer.content.decode(), name
    for name in ("worker", "inspector"):
        client = as_user(people.accounts[name])
        silent = client.post(f"/integrity/reports/{report.pk}/reveal", {"reason": " "}, follow=True)
        assert REPORTER not in silent.content.decode(), "no reason, no name"
        answer = client.post(f"/integrity/reports/{report.pk}/reveal", {"reason": "核实线索"}, follow=True)
        assert REPORTER in answer.content.decode(), name
    kept = Entry.objects.filter(action="查看举报人信息")
    assert [e.reason for e in kept] == ["核实线索", "核实线索"]


def test_a_delegate_does_not_inherit_a_sealed_case(case, people, person, as_user, now):
    for lender in ("worker", "leader", "inspector"):
        borrower = person("officer", f"borrower-{lender}")
        Delegation.objects.create(
            lender=people.accounts[lender],
            to=borrower,
            from_on=date(2024, 1, 1),
            until_on=date(2025, 1, 1),
            reason="出差",
        )
        assert as_user(borrower).get(f"/integrity/cases/{case.pk}").status_code == 404, lender
        with pytest.raises(Refused):
            looking.reveal_reporter(case.reports.get(), "代", actor=borrower.actor(date(2024, 11, 12)), at=now)


def test_the_log_names_neither_subject_nor_reporter_nor_what_was_written(
    case, people, scientist, firm, as_user, person
):
    rows = Entry.objects.filter(subject_type__startswith="integrity.")
    told = " ".join(f"{e.subject} {e.reason} {e.changes} {e.action}" for e in rows)
    for word in (*SECRETS, scientist.name, firm.name, "检测报告"):
        assert word not in told, word
    page = as_user(person("audit_admin")).get("/audit", {"q": "integrity"}).content.decode()
    assert not any(s in page for s in SECRETS)


def test_a_link_from_another_record_does_not_show_the_case(case, people, as_user, make_party, now):
    from keji.modules.integrity.services import education

    activity = education.report_activities(
        [{"region": case.region, "title": "讲座", "kind": "lecture", "held_on": date(2024, 5, 1), "place": "局",
          "organiser": "局", "people": 3}], actor=people.stranger, at=now, source="page",
    )[0]  # fmt: skip
    Link.objects.create(source_number=case.number, target_number=activity.number, relation="相关", at=now)
    address = f"/d/integrity-activities/{activity.pk}"
    assert case.number not in as_user(people.accounts["stranger"]).get(address).content.decode()
    assert case.number in as_user(people.accounts["worker"]).get(address).content.decode()


def test_a_subject_reads_their_own_decision_and_nothing_of_the_reporter(
    case, people, outsiders, scientist, firm, as_user
):
    client = as_user(outsiders["firm"])
    page = client.get("/integrity/mine").content.decode()
    assert "处理决定书" in page and firm.name in page
    assert not any(word in page for word in (*SECRETS, scientist.name, "丁一鸣"))
    own = case.papers.get(subject__party=firm, kind="decision")
    other = case.papers.get(subject__person=scientist, kind="decision")
    report = case.papers.get(kind="report")
    receipt = case.papers.filter(kind="receipt").first()
    assert client.get(f"/integrity/mine/papers/{own.pk}.docx").status_code == 200
    for paper in (other, report, receipt):
        assert client.get(f"/integrity/mine/papers/{paper.pk}.docx").status_code == 404, paper.kind
    assert as_user(outsiders["other firm"]).get(f"/integrity/mine/papers/{own.pk}.docx").status_code == 404
    professor = as_user(scientist.account).get("/integrity/mine").content.decode()
    assert "处理决定书" in professor and firm.name not in professor


def test_no_paper_says_who_reported(case):
    for paper in case.papers.all():
        assert not any(s in paper.content for s in SECRETS), paper.kind


def test_before_service_a_subject_sees_no_decision(people, firm, person, as_user):
    owner = person("enterprise", party=firm)
    case = telling.decided(people, telling.found(people, telling.accepted(people, {"party": firm})))
    subject = case.subjects.get()
    assert [p.kind for p in mine.papers_of(subject)] == ["acceptance"]
    decision = case.papers.get(kind="decision")
    assert as_user(owner).get(f"/integrity/mine/papers/{decision.pk}.pdf").status_code == 404
    assert "六科信" not in as_user(owner).get("/integrity/mine").content.decode()


def test_sealed_words_are_not_readable_in_the_database(case):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select name, contact, text, accused from integrity_report")
        told = " ".join(str(v) for v in cursor.fetchone())
        cursor.execute("select report_text from integrity_case")
        told += str(cursor.fetchone()[0])
    assert not any(s in told for s in (*SECRETS, "篡改", "丁一鸣"))


def test_evidence_of_a_case_is_no_attachment_of_its_desk(case, people, as_user, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = as_user(people.accounts["investigator"])
    client.post(f"/integrity/cases/{case.pk}/evidence", {"file": SimpleUploadedFile("原始记录.pdf", b"%PDF-1.4 x")})
    row = Attachment.objects.get()
    assert client.get(f"/d/integrity-cases/{case.pk}/files/{row.pk}").status_code == 404, "no way around the log"
    before = Entry.objects.filter(action="查阅证据").count()
    assert client.get(f"/integrity/files/{row.pk}").status_code == 200
    assert Entry.objects.filter(action="查阅证据").count() == before + 1
    assert as_user(people.accounts["stranger"]).get(f"/integrity/files/{row.pk}").status_code == 404


# --- who must keep out ------------------------------------------------------------------------------------


def test_a_head_who_is_named_in_the_report_does_not_see_it(people, person, actor_for, as_user):
    named = person("leader", "named-head", name="夏侯明远")
    case = telling.reported(accused="夏侯明远 六安市科学技术局").case
    assert as_user(named).get(f"/integrity/cases/{case.pk}").status_code == 404
    assert as_user(people.accounts["leader"]).get(f"/integrity/cases/{case.pk}").status_code == 200


def test_a_case_worker_who_reported_it_does_not_handle_it(people, person, actor_for):
    account = person("officer", "own-report", name=REPORTER)
    cases.appoint_worker(account, from_on=date(2024, 1, 2), actor=people.leader, at=at(date(2024, 1, 2)))
    case = telling.reported().case
    assert not Case.objects.visible_to(actor_for(account)).filter(pk=case.pk).exists()
    with pytest.raises(Refused):
        act("take_up", case, actor_for(account), telling.REPORTED, declared=True)


def test_a_handler_of_the_subject_s_unit_loses_the_file_when_the_subject_is_entered(people, firm, now):
    from keji.kernel.parties.models import Person

    Person.objects.create(name="兼职顾问", party=firm, account=people.accounts["worker"], created_at=now)
    case = telling.checked(people)
    cases.add_subject(case, party=firm, actor=people.worker, at=at(telling.ACCEPTED))
    assert not Case.objects.visible_to(people.worker).filter(pk=case.pk).exists()
    assert Case.objects.visible_to(people.leader).filter(pk=case.pk).exists()


def test_the_refusal_does_not_tell_who_reported(people, person):
    account = person("officer", "colleague", name=REPORTER)
    case = telling.checked(people)
    with pytest.raises(Refused) as why:
        cases.add_member(case, account, "investigator", declared=True, actor=people.worker, at=at(telling.ACCEPTED))
    assert "举报" not in str(why.value)


def test_nobody_investigates_and_reviews_the_same_case(people, firm):
    case = telling.accepted(people, {"party": firm})
    with pytest.raises(Refused, match="不同的人"):
        cases.add_member(
            case, people.accounts["investigator"], "reviewer", declared=True, actor=people.leader, at=at(telling.FILED)
        )


def test_a_report_is_not_reachable_by_its_own_number(case, people, as_user):
    report = Report.objects.get()
    assert as_user(people.accounts["worker"]).get(f"/r/{report.number}").status_code == 404
