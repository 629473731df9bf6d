"""What was found of each subject and what is to follow: violations, severity, factors, measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.modules.integrity.models import Case, CatalogueItem, Sanction, Subject
from keji.modules.integrity.services.cases import held

FINDING = ("investigating", "reported")
NOTHING = "没有失信或违规行为的，不登记情节和措施"


def items(case: Case, kind: str) -> list[CatalogueItem]:
    """What the case's edition names of one kind; [] before an edition was chosen."""
    return list(CatalogueItem.objects.of(case.edition_id, kind)) if case.edition_id else []


def factors(case: Case) -> list[CatalogueItem]:
    return [*items(case, "lighter"), *items(case, "heavier")]


def save_finding(
    subject: Subject,
    *,
    violations: Sequence[str],
    clause: str,
    severity: str,
    answers: Mapping[str, bool],
    actor: Actor,
    at: datetime,
) -> Subject:
    """Keep what was found of one subject. `answers` says of every factor whether it is there. Raises Refused."""
    with writing(actor, at):
        case = held(subject.case, actor, "handler", "investigator", states=FINDING)
        if case.edition is None:
            raise Refused("还没有确定适用的规则版本")
        named = {i.code for i in items(case, "violation")}
        if odd := set(violations) - named:
            raise Refused(f"{case.edition.number}的目录里没有“{'、'.join(sorted(odd))}”")
        if violations and not clause.strip():
            raise Refused("请写明事实和所依据的条款")
        if violations and severity not in {i.code for i in items(case, "severity")}:
            raise Refused("请选择情节")
        wanted = {f.code for f in factors(case)}
        if violations and wanted - set(answers):
            raise Refused(f"还有 {len(wanted - set(answers))} 项从轻从重因素没有回答，每一项都要答“有”或“没有”")
        if not violations and subject.sanctions.exclude(state="ended").exists():
            raise Refused(f"{NOTHING}，请先删去措施")
        subject.violations, subject.clause = list(violations), clause.strip()
        subject.severity = severity if violations else ""
        subject.factors = {c: bool(answers[c]) for c in wanted & set(answers)} if violations else {}
        for sanction in subject.sanctions.filter(state="proposed"):
            if why := period_problem(subject, sanction.item, sanction.months, sanction.permanent):
                raise Refused(f"{why}；已登记的“{sanction.words}”请先改")
        subject.save()
        log("登记认定情况", case, {"当事人": [None, f"第 {subject.place} 名"]})
    return subject


def period_problem(subject: Subject, item: CatalogueItem, months: int | None, permanent: bool) -> str:
    """Why this period does not fit the severity by the case's edition; "" when it does, or its table is unknown."""
    if not item.timed:
        return "这项措施没有期限" if months or permanent else ""
    if not months and not permanent:
        return "这项措施要写明期限，或选择长期"
    band = CatalogueItem.objects.of(subject.case.edition_id, "severity").filter(code=subject.severity).first()
    if band is None or (not band.least_months and band.most_months is None):
        return ""  # the edition's table of periods is not known here: the person who decides says the clause
    if band.most_months == 0:
        return f"{band.label}的不设禁止期限"
    if permanent:
        return "" if band.most_months is None else f"{band.label}的最长 {band.most_months} 个月，不能长期"
    assert months is not None
    if band.most_months is not None and months > band.most_months:
        return f"{band.label}的最长 {band.most_months} 个月"
    if months < (band.least_months or 0):
        return f"{band.label}的不少于 {band.least_months} 个月"
    return ""


def add_sanction(
    subject: Subject,
    item: CatalogueItem,
    *,
    words: str = "",
    months: int | None = None,
    permanent: bool = False,
    public: bool = False,
    actor: Actor,
    at: datetime,
) -> Sanction:
    """Propose a measure: by the handler before the decision, by the reviewer as a change during a review."""
    with writing(actor, at):
        review = subject.case.state == Case.State.REVIEWING
        case = held(subject.case, actor, "reviewer" if review else "handler", states=(*FINDING, "reviewing"))
        if not subject.in_breach:
            raise Refused("先登记这名当事人的认定情况，再提措施")
        if item not in items(case, "measure"):
            raise Refused("本案适用的版本没有这项措施")
        if why := period_problem(subject, item, months, permanent):
            raise Refused(why)
        if subject.sanctions.filter(item=item, by_review=review).exclude(state="ended").exists():
            raise Refused("这项措施已经登记")
        made = Sanction.objects.create(
            subject=subject,
            item=item,
            words=whole(words or item.label[:200], 200, "措施内容"),
            months=months,
            permanent=permanent,
            public=public,
            by_review=review,
        )
        log("拟定处理措施", case, {"当事人": [None, f"第 {subject.place} 名"]})
    return made


def drop_sanction(sanction: Sanction, *, actor: Actor, at: datetime) -> None:
    with writing(actor, at):
        case = held(sanction.subject.case, actor, "handler", "reviewer", states=(*FINDING, "reviewing"))
        fresh = Sanction.objects.select_for_update(of=("self",)).filter(pk=sanction.pk).first()
        if fresh is None or fresh.state != Sanction.State.PROPOSED:
            raise Refused("只有拟定的措施能删去")
        place = fresh.subject.place
        fresh.delete()
        log("删去拟定措施", case, {"当事人": [None, f"第 {place} 名"]})


def missing_sentence(case: Case) -> str:
    """What a case lacks before it goes to the meeting; "" when nothing."""
    subjects = list(case.subjects.prefetch_related("sanctions"))
    breaching = [s for s in subjects if s.in_breach]
    if case.outcome == Case.Outcome.NOT_FOUND:
        return f"调查认定不成立，{NOTHING}" if breaching else ""
    if not breaching:
        return "调查认定成立，请先登记至少一名当事人的认定情况"
    wanted = {f.code for f in factors(case)}
    for subject in breaching:
        if not subject.severity or wanted - set(subject.factors):
            return f"第 {subject.place} 名当事人的情节或从轻从重因素没有填完"
        if not [s for s in subject.sanctions.all() if s.state != Sanction.State.ENDED]:
            return f"第 {subject.place} 名当事人还没有拟定处理措施"
    return ""


def mark_done(sanction: Sanction, note: str, *, actor: Actor, at: datetime) -> Sanction:
    """Register that a measure without a ban (a talk, money returned) was carried out."""
    from keji.kernel.clock import day_of

    with writing(actor, at):
        case = held(sanction.subject.case, actor, "handler", "reviewer", states=("in_force",))
        fresh: Any = Sanction.objects.select_for_update(of=("self",)).get(pk=sanction.pk)
        if fresh.state != Sanction.State.IN_FORCE:
            raise Refused("只有已生效、尚未执行的措施要登记执行")
        if not note.strip():
            raise Refused("请写明怎样执行的")
        fresh.state, fresh.done_on, fresh.done_note = Sanction.State.DONE, day_of(at), note.strip()
        fresh.save()
        log("登记措施执行", case, {"当事人": [None, f"第 {fresh.subject.place} 名"]})
    return fresh  # type: ignore[no-any-return]
