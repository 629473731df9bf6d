"""The official papers of a case. Their words are fixed when issued; none of them hints at who reported."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log
from keji.kernel.clock import day_of
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.setting import typeset
from keji.kernel.people.roles import Actor
from keji.lib.figures import plain_date
from keji.lib.paper.model import Paper, Text
from keji.modules.integrity.models import Case, CasePaper, CatalogueItem, Subject

Lines = list[str]
Kind = CasePaper.Kind


def issue(case: Case, kind: str, *, actor: Actor, at: datetime, only: Subject | None = None) -> list[CasePaper]:
    """Issue a paper of this kind, one for each subject it is addressed to; inside `writing`."""
    on = day_of(at)
    if kind == Kind.REPORT:
        made = [_keep(case, None, kind, case.report_text.splitlines(), on, actor)]
    else:
        addressed = _addressed(case, kind, only)
        made = [_keep(case, s, kind, _LINES[kind](case, s), on, actor) for s in addressed]
    log("制作文书", case, {"文书": [None, f"{CasePaper.Kind(kind).label} {len(made)} 份"]})
    return made


def _addressed(case: Case, kind: str, only: Subject | None) -> Iterable[Subject]:
    from keji.modules.integrity.services.effect import under_review

    if only is not None:
        return [only]
    rows = under_review(case) if kind == Kind.REVIEW else case.subjects.all()
    found: Iterable[Subject] = rows.select_related("party", "person").order_by("place")
    return found


def issue_receipt(case: Case, subject: Subject, *, on: date, actor: Actor) -> CasePaper:
    """The 送达回证 of what was just served."""
    review = case.state == Case.State.REVIEWED
    served = case.review_number if review else case.decision_number
    lines = [
        f"送达文书：{'复查决定书' if review else '处理决定书'}（{served}）",
        f"受送达人：{subject.name}",
        f"送达方式：{subject.served_how}",
        f"送达日期：{plain_date(on)}",
        f"签收人：{subject.served_to}",
        f"送达人：{actor.name}",
    ]
    return _keep(case, subject, Kind.RECEIPT, lines, on, actor)


def _keep(case: Case, subject: Subject | None, kind: str, lines: Lines, on: date, actor: Actor) -> CasePaper:
    number = {Kind.DECISION: case.decision_number, Kind.REVIEW: case.review_number}.get(Kind(kind), "")
    content = {
        "addressee": subject.name if subject is not None and kind != Kind.RECEIPT else "",
        "lines": [line for line in lines if line.strip()],
    }
    return CasePaper.objects.create(
        case=case,
        subject=subject,
        kind=kind,
        number=number,
        content=json.dumps(content, ensure_ascii=False),
        issued_on=on,
        issued_by=actor.name,
    )


def _acceptance(case: Case, subject: Subject) -> Lines:
    assert case.edition is not None and case.accepted_on is not None
    return [
        f"我局在工作中收到反映你（单位）涉嫌{case.get_line_display()}的线索，经初步核查，依据{case.edition.number}的有关规定，"
        f"决定于{plain_date(case.accepted_on)}立案调查。",
        "请配合调查，如实说明情况，提供有关材料。不得隐匿、伪造、销毁证据，不得打击报复。",
        "认为调查人员与本案有利害关系的，可以申请回避。",
    ]


def _facts_and_measures(case: Case, subject: Subject) -> Lines:
    assert case.edition is not None
    named = {i.code: i for i in CatalogueItem.objects.of(case.edition_id or "", "violation")}
    bands = {i.code: i.label for i in CatalogueItem.objects.of(case.edition_id or "", "severity")}
    factors = CatalogueItem.objects.of(case.edition_id or "", "lighter") | CatalogueItem.objects.of(
        case.edition_id or "", "heavier"
    )
    there = [f.label for f in factors.order_by("kind", "order") if subject.factors.get(f.code)]
    words = "；".join(named[c].label for c in subject.violations if c in named)
    lines = [
        f"经调查，{subject.clause.rstrip('。')}。",
        f"上述行为属于{case.edition.number}规定的{case.get_line_display()}：{words}。"
        f"{bands.get(subject.severity, '')}。从轻从重因素：{'、'.join(there) if there else '均不具备'}。",
    ]
    current = [
        s for s in subject.sanctions.select_related("item").order_by("pk") if s.state in ("decided", "in_force", "done")
    ]
    if current:
        lines.append("决定给予以下处理：" + "；".join(f"（{n}）{s.said()}" for n, s in enumerate(current, 1)) + "。")
    return lines


def _decision(case: Case, subject: Subject) -> Lines:
    from keji.modules.integrity.clocks import number

    about = f"关于你（单位）涉嫌{case.get_line_display()}一案"
    head = f"{about}，经{case.meeting}集体审议，于{plain_date(case.decided_on)}作出决定。"
    if not subject.in_breach:
        return [head, "经调查，没有认定你（单位）存在失信或违规行为，不予处理。"]
    days = number("appeal_workdays", case.decided_on) if case.decided_on else 0
    return [
        head,
        *_facts_and_measures(case, subject),
        f"对本决定不服的，可以在收到本决定书之日起{days}个工作日内向我局书面提出申诉，写明理由并附证据。"
        "期限自生效之日起算，起止两日都包括在内。",
    ]


def _review(case: Case, subject: Subject) -> Lines:
    object_of = "原处理" if case.review == Case.Review.CHANGED else "原决定"
    lines = [
        f"关于{case.decision_number}，我局进行了复查，决定{Case.Review(case.review).label}{object_of}。",
        *case.review_text.splitlines(),
    ]
    if case.review != Case.Review.REVOKED:
        lines += _facts_and_measures(case, subject)[-1:]
    return lines


_LINES: dict[str, Any] = {Kind.ACCEPTANCE: _acceptance, Kind.DECISION: _decision, Kind.REVIEW: _review}


def as_paper(kept: CasePaper) -> Paper:
    """The kept words as an official paper."""
    content: dict[str, Any] = json.loads(kept.content)
    head = letterhead()
    return Paper(
        title=kept.get_kind_display(),
        number=kept.number,
        addressee=content["addressee"],
        body=[Text(line) for line in content["lines"]],
        signer=head.issuer,
        issued_on=kept.issued_on,
        footnotes=(f"案件编号：{kept.case.number}。",),
    )


def file_of(kept: CasePaper, kind: str) -> bytes:
    """A paper as "docx" or "pdf". LookupError for another kind."""
    return typeset(as_paper(kept), kind)
