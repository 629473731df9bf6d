"""The year's appraisal: proposed by place, changed only with a reason, shown to the public, then final."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.notices import PublicNotice, draft_notice
from keji.kernel.records.saving import locked, whole
from keji.kernel.rules.models import parameter
from keji.modules.horserace.models import Appraisal, AppraisalLine, RaceRun
from keji.modules.horserace.services import reading
from keji.modules.horserace.services.schemes import city

PRAISE, PROGRESS = "通报表扬", "通报表扬（进位明显）"


def propose_refusal(run: RaceRun, actor: Actor) -> str:
    """Why no appraisal can be proposed on this run; "" when one can."""
    if not actor.has(Role.OFFICER):
        return "年度评价由业务科室拟定"
    if run.kind != RaceRun.Kind.YEAR:
        return "只有年度结果才作年度评价"
    if run.state != RaceRun.State.PUBLISHED:
        return "年度结果公布后才能拟定评价"
    if Appraisal.objects.filter(run=run).exclude(state="dropped").exists():
        return "这一版结果的评价已经拟定"
    return ""


def propose(run: RaceRun, *, actor: Actor, at: datetime) -> Appraisal:
    """Grades by place: units that share the place at a cut are all within it. Who gained most is praised too."""
    with writing(actor, at):
        RaceRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if why := propose_refusal(run, actor):
            raise Refused(why)
        record = Appraisal(region=city(), run=run, period=run.period, drafted_by_id=actor.id)
        record.number = next_numbers(Appraisal.prefix, at.year)[0]
        stamp(record, actor=actor, at=at, state=Appraisal.State.PROPOSED, source=Source.BUREAU)
        record.save()
        AppraisalLine.objects.bulk_create(_lines(record))
        log("拟定年度评价", record, {"计分": [None, run.number]})
    return record


def grade_of(place: int | None, first: int, second: int) -> str:
    """The grade a place gives; `first`, `second`: the last places of 优秀 and 良好."""
    if place is None:
        return "不评等次"
    return "优秀" if place <= first else "良好" if place <= second else "达标"


def _lines(record: Appraisal) -> list[AppraisalLine]:
    day = record.span.end
    cuts = int(parameter("race.year_first", day)), int(parameter("race.year_second", day))
    found = []
    ranked = reading.lines(record.run)
    gains = [line.placing.change or 0 for line in ranked if grade_of(line.placing.place, *cuts) != "优秀"]
    most = max([1, *gains])
    for order, line in enumerate(ranked):
        s = line.placing
        grade = grade_of(s.place, *cuts)
        award = PRAISE if grade == "优秀" else PROGRESS if s.place and (s.change or 0) >= most else ""
        found.append(
            AppraisalLine(
                appraisal=record, region_id=s.unit, place=s.place, total=s.printed, due=grade, grade=grade,
                award=award, order=order,
            )
        )  # fmt: skip
    return found


def regrade(line: AppraisalLine, *, grade: str, award: str, reason: str, actor: Actor, at: datetime) -> AppraisalLine:
    """Another grade than the place gives, with its reason (printed with the result), or another award.

    Whoever changes it has proposed it and does not decide on it. Raises Refused with a sentence.
    """
    with writing(actor, at):
        record: Appraisal = locked(line.appraisal)
        fresh = AppraisalLine.objects.select_for_update(of=("self",)).select_related("region").get(pk=line.pk)
        if record.state != Appraisal.State.PROPOSED:
            raise Refused("评价已起草公示，要改等次请先重新拟定")
        if not actor.has(Role.OFFICER):
            raise Refused("等次由业务科室拟定")
        if grade not in AppraisalLine.Grade.values:
            raise Refused("没有这个等次，请重新选择")
        if grade != fresh.due and not reason.strip():
            raise Refused(f"{fresh.region.name}按名次应评“{fresh.due}”，改评“{grade}”请写明原因；原因随结果一并公示")
        before = {"等次": fresh.grade, "激励": fresh.award, "原因": fresh.reason}
        fresh.grade, fresh.award = grade, whole(award, 100, "奖励")
        fresh.reason = whole(reason, 300, "理由") if grade != fresh.due else ""
        fresh.save()
        after = {"等次": fresh.grade, "激励": fresh.award, "原因": fresh.reason}
        changes: dict[str, Any] = {k: [before[k], after[k]] for k in after if before[k] != after[k]}
        if changes:
            record.drafted_by_id, record.updated_at = actor.id, at
            record.save(update_fields=["drafted_by", "updated_at"])
            log("修改等次", record, {"县区": [None, fresh.region.name], **changes})
    return fresh


def draft_publicity(record: Appraisal, contact: str, *, actor: Actor, at: datetime) -> PublicNotice:
    """The notice of the proposed grades: every unit with its grade, and why where it is not the one of its place."""
    scores = parameter("race.public_scores", day_of(at)) != 0
    rows = []
    for line in record.lines.select_related("region"):
        score = [reading.score_text(reading.run_of(record.run), line.total)] if scores else []
        why = f"按名次应评{line.due}：{line.reason}" if line.changed else ""
        told = "；".join(x for x in (line.award, why) if x)
        rows.append([str(line.place or "—"), line.region.name, *score, line.grade, told or "—"])
    label = f"{record.span.label}度"
    return draft_notice(
        title=f"{label}县区科技创新赛马评价结果公示",
        body=(
            f"根据《{record.run.scheme.title}》（{record.run.scheme.edition}），经汇总全年数据、听取各单位意见，"
            f"拟定{label}县区科技创新赛马评价等次，现予公示。\n"
            f"计分文件在公开页面“县区科技创新赛马”可以下载重算（{record.run.number}，"
            f"第{record.run.version}版）。\n对评价结果有异议的，请在公示期内提出并附依据。"
        ),
        columns=("名次", "单位", *(("得分",) if scores else ()), "拟评等次", "激励和说明"),
        rows=rows,
        numbers=[record.number, record.run.number],
        contact=contact.strip(),
        actor=actor,
        at=at,
    )


def final_of(run: RaceRun) -> Appraisal | None:
    """The decided appraisal of a year's run; None while there is none."""
    found: Appraisal | None = Appraisal.objects.filter(run=run, state="final").select_related("notice").first()
    return found


def public_appraisals() -> list[Appraisal]:
    """What everybody may read: final ones, those a correction replaced beside them."""
    rows = Appraisal.objects.filter(state__in=("final", "superseded")).select_related("run", "notice")
    return list(rows.prefetch_related("lines__region").order_by("-period", "-pk"))
