"""The shared story of the tests: a scheme, a guideline, a proposal that goes as far as a test needs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from keji.kernel import clock
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor
from keji.kernel.records.checklist import save_checks
from keji.kernel.records.flow import take
from keji.modules.projects.calls.forms import CRITERIA
from keji.modules.projects.calls.services import guidelines, schemes
from keji.modules.projects.decisions.services import deciding, listing
from keji.modules.projects.models import Guideline, Programme, Proposal, ReviewBatch
from keji.modules.projects.proposals.services import proposals
from keji.modules.projects.reviews.services import panel, reviewing

SYSTEM = Actor.system("测试")
ITEMS = ["单位合格", "材料齐全"]
SAID = {
    "theme": "先进制造",
    "leader_name": "赵立新",
    "leader_id_number": "342401198001010017",
    "months": 24,
    "abstract": "研究茶树嫩芽识别和柔性采摘，研制样机并示范。",
    "contents": {"s1": "立项依据充分，国内尚无成熟产品。", "s2": "开发识别算法和末端执行器，完成样机。"},
    "business": 300_000,
    "own_money": 400_000,
    "contact_name": "王五",
    "contact_phone": "13912345678",
    "promised": True,
}


@dataclass(frozen=True)
class People:
    officer: Actor
    second: Actor
    leader: Actor
    county: Actor
    other_county: Actor
    inspector: Actor
    unit: Actor


@contextmanager
def on(day: date, hour: int = 10) -> Iterator[datetime]:
    """Live on another day; gives the moment."""
    moment = timezone.make_aware(datetime.combine(day, time(hour)))
    with clock.stopped_at(moment):
        yield moment


def pdf(name: str = "材料.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 test")


def scheme(at: datetime, **changes: Any) -> Any:
    rows = [line.split("，") for line in CRITERIA]
    row = {
        "title": "科技攻关评审方案",
        "panel_least": 3,
        "criteria": [(r[0], int(r[1]), r[2]) for r in rows],
    } | changes
    made = schemes.draft_schemes([row], actor=SYSTEM, at=at, source="page")[0]
    return take("freeze", made, actor=SYSTEM, at=at)


def guideline_row(at: datetime, **changes: Any) -> dict[str, Any]:
    programme, _ = Programme.objects.get_or_create(name="科技攻关计划")
    return {
        "title": "2024年科技攻关计划项目指南",
        "programme": programme,
        "scheme": changes.pop("scheme", None) or scheme(at),
        "year": 2024,
        "opens_on": date(2024, 11, 1),
        "closes_on": date(2024, 11, 29),
        "themes": ["先进制造", "现代农业"],
        "money": 2_000_000,
        "grant_most": 500_000,
        "own_percent": 50,
        "sections": [
            {"code": "s1", "title": "立项依据", "most": 1500},
            {"code": "s2", "title": "研究内容", "most": 3000},
        ],
        "materials": [
            {"code": "m1", "name": "营业执照", "required": True, "shown": False},
            {"code": "m2", "name": "技术方案", "required": False, "shown": True, "blind": True},
        ],
        "form_items": ITEMS,
        "county_days": 10,
        "form_days": 10,
        "resubmit_days": 5,
        "publicity_days": 5,
        "contact": "高新科 0564-1234567",
    } | changes


def open_guideline(at: datetime, **changes: Any) -> Guideline:
    made = guidelines.draft_guidelines([guideline_row(at, **changes)], actor=SYSTEM, at=at, source="page")[0]
    opened: Guideline = take("publish", made, actor=SYSTEM, at=at)
    return opened


def written(call: Guideline, party: Any, at: datetime, *, actor: Actor = SYSTEM, **said: Any) -> Proposal:
    """A draft with everything in it."""
    record = proposals.apply(call, party, said.pop("title", f"{party.name}茶叶采摘机器人"), actor=actor, at=at)
    record = proposals.update_proposal(record, SAID | said, actor=actor, at=at)
    proposals.add_material(record, "m1", pdf("执照.pdf"), actor=actor, at=at)
    return record


def submitted(call: Guideline, party: Any, at: datetime, **said: Any) -> Proposal:
    record = take("to_unit", written(call, party, at, **said), actor=SYSTEM, at=at)
    found: Proposal = take("submit", record, actor=SYSTEM, at=at)
    return found


def recommended(call: Guideline, party: Any, at: datetime, **said: Any) -> Proposal:
    found: Proposal = take("recommend", submitted(call, party, at, **said), actor=SYSTEM, at=at)
    return found


def form_passed(call: Guideline, party: Any, at: datetime, **said: Any) -> Proposal:
    record = recommended(call, party, at, **said)
    checked(record, at)
    found: Proposal = take("pass_form", record, actor=SYSTEM, at=at)
    return found


def checked(record: Proposal, at: datetime, passed: bool = True) -> None:
    checks = [{"item": i, "passed": passed, "note": "" if passed else "不合格"} for i in record.guideline.form_items]
    save_checks(record, checks, actor=SYSTEM, at=at)


def experts(person: Any, make_party: Any, at: datetime, count: int = 3) -> list[Person]:
    """People with an expert's account, from a unit of their own."""
    unit = make_party("合肥某大学", kind="institution")
    return [
        Person.objects.create(
            name=f"专家{'甲乙丙丁戊己庚'[n]}", party=unit, account=person("expert", f"expert-{n}"), created_at=at
        )
        for n in range(count)
    ]


def batch_of(call: Guideline, panel_people: Sequence[Person], at: datetime, *, start: bool = True) -> ReviewBatch:
    row = {"guideline": call, "title": "第一组", "due_on": date(2024, 12, 20)}
    batch = panel.draft_batches([row], actor=SYSTEM, at=at, source="page")[0]
    panel.assign_panel(batch, panel_people, "ZQ-2024-0001", actor=SYSTEM, at=at)
    if start:
        batch = take("start", batch, actor=SYSTEM, at=at)
    return batch


def marked(review: Any, points: Sequence[float | str], at: datetime, *, actor: Actor = SYSTEM) -> Any:
    """One sheet filled in and handed in; points by criterion in order."""
    criteria = list(review.batch.guideline.scheme.criteria.all())
    marks = {c.pk: (Decimal(str(p)), "理由充分") for c, p in zip(criteria, points, strict=True)}
    reviewing.save_marks(review, marks, "总体可行，建议支持。总体可行。", actor=actor, at=at)
    return reviewing.submit(review, actor=actor, at=at)


GOOD, FAIR, POOR = (27, 22, 22, 9, 8), (24, 19, 19, 8, 7), (15, 12, 12, 5, 4)  # 88, 77, 48


def reviewed(call: Guideline, panel_people: Sequence[Person], at: datetime, points: Any = None) -> ReviewBatch:
    """A batch with every sheet in: {proposal's key: points of all its experts}."""
    batch = batch_of(call, panel_people, at)
    for review in batch.reviews.order_by("pk"):
        marked(review, (points or {}).get(review.proposal_id, GOOD), at)
    closed: ReviewBatch = take("close", batch, actor=SYSTEM, at=at)
    return closed


def met(call: Guideline, decisions: Any, at: datetime, minutes: str = "纪要〔2024〕6号") -> Any:
    return deciding.record_meeting(
        call,
        kind="bureau",
        held_on=timezone.localtime(at).date(),
        minutes=minutes,
        attendees=["局长", "副局长", "科长"],
        decisions=decisions,
        actor=SYSTEM,
        at=at,
    )


def established(call: Guideline, rows: Sequence[Proposal], people: People, grant: int = 300_000) -> list[Any]:
    """From reviewed to projects, on the days that takes."""
    with on(date(2024, 12, 2)) as at:
        met(call, {row.pk: ("approved", grant, "") for row in rows}, at)
        notice = listing.publicise(call, "高新科 0564-1234567", actor=people.officer, at=at)
        take("publish", notice, actor=people.second, at=at)
    with on(date(2024, 12, 10)) as at:
        listing.draft_paper(call, actor=people.officer, at=at)
        listing.issue_paper(call, "六科计〔2024〕9号", actor=people.leader, at=at)
    return list(call.projects.order_by("pk"))
