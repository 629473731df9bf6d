"""Short ways to tell a recognition or an assessment in tests: each act with its own person and moment."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.kernel.records.checklist import save_checks
from keji.kernel.records.flow import take
from keji.modules.platforms.assessment.services import assessment, schemes, scoring
from keji.modules.platforms.models import Application, Call, Platform
from keji.modules.platforms.recognition.services import listing, meeting, recognition

SYSTEM = Actor.system()
ITEMS = ("申请表完整", "具有法人资格")
SAID: Mapping[str, Any] = {
    "field": "新材料",
    "direction": "高强度材料工艺",
    "leader": "王工",
    "data_year": 2023,
    "revenue": Decimal("5200"),
    "rnd_spend": Decimal("210.5"),
    "staff": 120,
    "rnd_staff": 18,
    "site_area": Decimal("650"),
    "equipment_value": Decimal("320"),
    "ip_count": 12,
    "contact_name": "李四",
    "contact_phone": "13900001111",
}


def moment(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@contextmanager
def on(day: date):
    """The clock stands at ten o'clock of that day."""
    with clock.stopped_at(moment(day)):
        yield moment(day)


def pdf(name: str = "材料.pdf", content: bytes = b"%PDF-1.4 test") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@dataclass
class People:
    """One actor for each part somebody plays."""

    officer: Actor
    second: Actor
    leader: Actor
    county: Actor
    other_county: Actor
    host: Actor


def call_row(**changes: Any) -> dict[str, Any]:
    return {
        "title": "关于组织申报2024年第二批企业研发中心的通知",
        "kind": "enterprise_rnd_centre",
        "level": "city",
        "year": 2024,
        "batch": "第二批",
        "opens_on": date(2024, 11, 1),
        "closes_on": date(2024, 11, 29),
        "materials": [
            {"code": "m1", "name": "申请表", "required": True},
            {"code": "m2", "name": "专利证书", "required": False},
        ],
        "form_items": list(ITEMS),
        "county_days": 10,
        "resubmit_days": 5,
        "form_days": 10,
        "visit_days": 20,
        "publicity_days": 5,
        "returns_allowed": 1,
    } | changes


def open_call(people: People, at: datetime, **changes: Any) -> Call:
    made = recognition.draft_calls([call_row(**changes)], actor=people.officer, at=at, source="page")[0]
    return take("announce", made, actor=people.second, at=at)


def submitted(call: Call, party: Any, at: datetime, *, host: Actor = SYSTEM) -> Application:
    record = recognition.apply(call, party, actor=host, at=at)
    recognition.update_application(record, SAID, actor=host, at=at)
    recognition.add_material(record, "m1", pdf("申请表.pdf"), actor=host, at=at)
    return take("submit", record, actor=host, at=at)


def checked(record: Application, at: datetime, officer: Actor = SYSTEM) -> Application:
    checks = [{"item": item, "passed": True, "note": ""} for item in record.call.form_items]
    save_checks(record, checks, actor=officer, at=at)
    return take("pass_form", record, actor=officer, at=at)


def visited(record: Application, at: datetime, *, passed: bool = True, officer: Actor = SYSTEM) -> Application:
    meeting.record_visit(
        record,
        visited_on=at.date(),
        people=["甲", "乙"],
        findings="设备与清单一致",
        passed=passed,
        actor=officer,
        at=at,
    )
    record.refresh_from_db()
    return record


def waiting_for_meeting(call: Call, party: Any, at: datetime) -> Application:
    record = take("recommend", submitted(call, party, at), actor=SYSTEM, at=at)
    return visited(checked(record, at), at)


def met(call: Call, decisions: Mapping[int, tuple[str, str]], at: datetime, minutes: str = "纪要〔2024〕6号") -> Any:
    return meeting.record_meeting(
        call,
        held_on=timezone.localtime(at).date(),
        minutes=minutes,
        attendees=["局长"],
        decisions=decisions,
        actor=SYSTEM,
        at=at,
    )


def publicised(call: Call, people: People, at: datetime) -> Any:
    """The notice drafted by one officer and published by another."""
    notice = listing.publicise(call, "高新科 0564-1234567", actor=people.officer, at=at)
    return take("publish", notice, actor=people.second, at=at)


def published(call: Call, rows: list[Application], people: People) -> Any:
    """From approved to the issued paper, on the days that takes."""
    with on(date(2024, 11, 20)) as at:
        met(call, {row.pk: ("approved", "") for row in rows}, at)
        publicised(call, people, at)
    with on(date(2024, 12, 2)) as at:
        listing.draft_list(call, actor=people.officer, at=at)
        return listing.issue_list(call, "六科成〔2024〕9号", actor=people.leader, at=at)


# --- assessment ------------------------------------------------------------------------------------------------------


def frozen_scheme(at: datetime) -> Any:
    return take("freeze", schemes.draft_starter(actor=SYSTEM, at=at), actor=SYSTEM, at=at)


def launched(scheme: Any, year: int, at: datetime, **changes: Any) -> Any:
    row = {
        "title": f"{year}年度评估",
        "scheme": scheme,
        "level": "city",
        "year": year,
        "opens_on": at.date(),
        "closes_on": at.date() + timedelta(days=30),
        "county_days": 10,
        "rectify_days": 30,
    }
    made = assessment.draft_campaigns([row | changes], actor=SYSTEM, at=at, source="page")[0]
    return take("launch", made, actor=SYSTEM, at=at)


def reported(record: Any, at: datetime, host: Actor = SYSTEM) -> Any:
    for report in record.reports.select_related("item"):
        if report.item.evidence:
            assessment.add_evidence(record, report.pk, pdf(), actor=host, at=at)
    answers = {pk: ("如实填写", Decimal(8)) for pk in record.reports.values_list("pk", flat=True)}
    assessment.save_self_report(record, answers, actor=host, at=at)
    return take("report", record, actor=host, at=at)


def agreed(record: Any, at: datetime, county: Actor = SYSTEM) -> Any:
    answers = dict.fromkeys(record.reports.values_list("pk", flat=True), (True, ""))
    assessment.save_checks(record, answers, actor=county, at=at)
    return take("pass_check", record, actor=county, at=at)


def marked(record: Any, name: str, points: Decimal, at: datetime, *, unit: str = "合肥工业大学") -> Any:
    marks = {item.pk: (points, "") for item in record.campaign.scheme.items.all()}
    return scoring.save_panelist(
        record, name=name, unit=unit, visited_on=timezone.localtime(at).date(), marks=marks, actor=SYSTEM, at=at
    )


def graded(record: Any, points: Decimal, at: datetime) -> Any:
    record = agreed(reported(record, at), at)
    for name in ("甲", "乙", "丙"):
        marked(record, name, points, at)
    return take("grade", record, actor=SYSTEM, at=at)


def platform_row(party: Any, **changes: Any) -> dict[str, Any]:
    return {
        "party": party,
        "kind": "enterprise_rnd_centre",
        "level": "city",
        "name": f"{party.name}企业研发中心",
        "recognised_on": date(2023, 5, 8),
    } | changes


def standing(party: Any, at: datetime, **changes: Any) -> Platform:
    from keji.modules.platforms.register.services import report_platforms

    made = report_platforms([platform_row(party, **changes)], actor=SYSTEM, at=at, source="page")[0]
    return take("confirm", made, actor=SYSTEM, at=at)
