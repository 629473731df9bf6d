"""People of a case, and a case told step by step up to where a test begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django.utils import timezone

from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take
from keji.modules.integrity.models import CatalogueItem, Edition
from keji.modules.integrity.services import cases, findings, reports

REPORTER, CONTACT = "秦怀远", "13999990001"
ACCUSED, TEXT = "丁一鸣（六安恒信检测有限公司）", "检测报告的数据与原始记录不一致，涉嫌篡改。"
REPORTED, ACCEPTED, FILED = date(2024, 3, 4), date(2024, 3, 12), date(2024, 5, 20)
DECIDED, SERVED = date(2024, 6, 12), date(2024, 6, 14)  # the fifteen working days run to 5 July 2024
EFFECTIVE = date(2024, 7, 8)


def at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


@dataclass
class People:
    worker: Actor
    investigator: Actor
    reviewer: Actor
    stranger: Actor  # an officer with no part in it
    leader: Actor
    second_leader: Actor
    inspector: Actor
    accounts: dict[str, Any]


def act(name: str, case: Any, who: Actor, day: date, **data: Any) -> Any:
    with clock.stopped_at(at(day)):
        return take(name, case, actor=who, at=at(day), **data)


def reported(*, named: bool = True, day: date = REPORTED, accused: str = ACCUSED) -> Any:
    """A report handed in by a visitor; → the report."""
    with clock.stopped_at(at(day)):
        return reports.hand_in(
            token=uuid4(),
            accused=accused,
            text=TEXT,
            name=REPORTER if named else "",
            contact=CONTACT if named else "",
            address="198.51.100.7",
            at=at(day),
        )


def checked(people: People, **given: Any) -> Any:
    return act("take_up", reported(**given).case, people.worker, REPORTED, declared=True)


def accepted(people: People, *subjects: dict[str, Any], **given: Any) -> Any:
    """立案 on rule 221 with these subjects ({party} or {person})."""
    case = checked(people, **given)
    with clock.stopped_at(at(ACCEPTED, 9)):
        for subject in subjects:
            cases.add_subject(case, **subject, actor=people.worker, at=at(ACCEPTED, 9))
        case.refresh_from_db()
        cases.set_basis(
            case,
            line="misconduct",
            conduct_on=date(2023, 11, 1),
            edition=Edition.objects.get(code="rule-221"),
            actor=people.worker,
            at=at(ACCEPTED, 9),
        )
        case.refresh_from_db()
        case = take("accept", case, actor=people.worker, at=at(ACCEPTED))
        cases.add_member(
            case,
            people.accounts["investigator"],
            "investigator",
            declared=True,
            actor=people.worker,
            at=at(ACCEPTED),
        )
    return case


def answers(case: Any) -> dict[str, bool]:
    return {f.code: f.code == "l2" for f in findings.factors(case)}


def measure(code: str) -> Any:
    return CatalogueItem.objects.get(kind="measure", code=code)


def found(people: People, case: Any, *, severity: str = "heavy", code: str = "5", months: int = 24, **more: Any) -> Any:
    """Findings and one ban for every subject, and the report filed."""
    with clock.stopped_at(at(FILED)):
        for subject in case.subjects.all():
            findings.save_finding(
                subject,
                violations=["2"],
                clause="2023年11月出具的三份检测报告与原始记录不一致",
                severity=severity,
                answers=answers(case),
                actor=people.worker,
                at=at(FILED),
            )
            findings.add_sanction(subject, measure(code), months=months, actor=people.worker, at=at(FILED), **more)
        return take(
            "file_report", case, actor=people.worker, at=at(FILED), outcome="found", text="经查，数据确有篡改。"
        )


def decided(people: People, case: Any) -> Any:
    case = act("propose", case, people.worker, date(2024, 6, 3), heard_on=date(2024, 6, 1), text="建议按较重处理")
    return act(
        "decide",
        case,
        people.leader,
        DECIDED,
        meeting="局党组会2024年第9次",
        decided_on=DECIDED,
        number="六科信〔2024〕1号",
    )


def served(people: People, case: Any) -> Any:
    with clock.stopped_at(at(SERVED)):
        for subject in case.subjects.all():
            cases.serve_subject(subject, on=SERVED, how="直接送达", to="本人", actor=people.worker, at=at(SERVED))
        case.refresh_from_db()
        return take("serve", case, actor=people.worker, at=at(SERVED))


def told_until_served(people: People, *subjects: dict[str, Any], **given: Any) -> Any:
    return served(people, decided(people, found(people, accepted(people, *subjects), **given)))


def in_force(people: People, *subjects: dict[str, Any], **given: Any) -> Any:
    return act("take_effect", told_until_served(people, *subjects, **given), people.worker, EFFECTIVE)
