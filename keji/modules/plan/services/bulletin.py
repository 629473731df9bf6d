"""The monthly bulletin's life: drafted from frozen figures, edited, reviewed by another person, issued, corrected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.bulletins import Bulletins
from keji.kernel.documents.models import Paper
from keji.kernel.indicators.models import Reading, frozen_at
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period, plain_date
from keji.lib.paper.words import official
from keji.modules.plan.models import Plan
from keji.modules.plan.services import bulletin_blocks as blocks
from keji.modules.plan.services.bulletin_paper import as_paper
from keji.modules.plan.services.bulletin_rows import Used, rows_of, targets_of
from keji.modules.plan.services.follow import standings

KIND = "bulletin"
LIFE = Bulletins((KIND,), as_paper)
bulletins = LIFE.seen_by
edit_bulletin, review_bulletin, return_bulletin, issue_bulletin = LIFE.edit, LIFE.review, LIFE.send_back, LIFE.issue


def draft_refusal(plan: Plan, period: Period, actor: Actor) -> str:
    """Why no bulletin can be drafted for this month; "" when one can."""
    if not actor.has(Role.OFFICER):
        return "通报由业务科室起草"
    if plan.state != "adopted":
        return f"《{plan.title}》{plan.get_state_display()}，采用后才能起草通报"
    if period.year != plan.year:
        return f"{period.label}不在《{plan.title}》的年度之内"
    if frozen_at(str(period)) is None:
        return f"{period.label}的数据还没有定格，请先定格再起草：通报只用定格数，印发后才经得起核对"
    same = Paper.objects.filter(kind=KIND, period=str(period))
    if same.exclude(state=Paper.State.ISSUED).exists():
        return f"{period.label}的通报已在起草，请在原稿上修改"
    if same.filter(state=Paper.State.ISSUED).exists():
        return f"{period.label}的通报已经印发，内容有误的请起草更正通报"
    return ""


def draft_bulletin(plan: Plan, period: Period, *, actor: Actor, at: datetime) -> Paper:
    """Draft the month's bulletin from frozen readings only."""
    if why := draft_refusal(plan, period, actor):
        raise Refused(why)
    with writing(actor, at):
        paper = _compose(plan, period, actor, at)
        paper.title = f"关于{period.label}全市科技工作要点推进情况的通报"
        return _keep_draft(paper, "起草通报", at)


def draft_correction(old: Paper, reason: str, *, actor: Actor, at: datetime) -> Paper:
    """A new bulletin that names the issued one, says why, and sets the figures that changed side by side."""
    if not actor.has(Role.OFFICER):
        raise Refused("更正通报由业务科室起草")
    if old.kind != KIND or old.state != Paper.State.ISSUED:
        raise Refused("只有印发了的通报才需要更正；没有印发的请直接修改")
    if not reason.strip():
        raise Refused("请写明更正的原因")
    period = blocks.period_of(old.period)
    if Paper.objects.filter(corrects=old).exists():
        raise Refused("这份通报已有更正通报，请在更正通报上继续办理")
    with writing(actor, at):
        plan = Plan.objects.get(pk=old.content["plan"])
        paper = _compose(plan, period, actor, at)
        paper.title = f"关于更正{period.label}全市科技工作要点推进情况的通报"
        paper.corrects = old
        day = plain_date(old.issued_on)
        opening = (
            f"《{old.title}》（{old.number}，{day}印发）有关内容需要更正：{official(reason).rstrip('。')}。"
            "现将更正后的情况通报如下，原通报与本通报不一致的，以本通报为准。"
        )
        content = paper.content
        head = [*blocks.paragraph("correction", opening)]
        if table := blocks.changes_table(old.content["snapshot"], content["snapshot"]):
            head.append(table)
        content["blocks"] = blocks.renumbered([*head, *(b for b in content["blocks"] if b.get("key") != "opening")])
        return _keep_draft(paper, "起草更正通报", at, reason)


def _compose(plan: Plan, period: Period, actor: Actor, at: datetime) -> Paper:
    frozen = Reading.objects.filter(period=str(period), current=True).aggregate(last=Max("frozen_at"))["last"]
    if frozen is None:
        raise Refused(f"{period.label}的数据还没有定格，请先定格再起草")
    used = Used()
    rows = rows_of(targets_of(plan), period, used)
    notes = standings(period, day_of(at))
    opening = f"现将{period.label}全市科技工作要点推进情况通报如下。"
    content: dict[str, Any] = {
        "schema": 1,
        "plan": plan.pk,
        "addressee": "各县区科技局、开发区科技部门，局各科室、直属单位",
        "copies_to": "市政府办公室，各县区人民政府",
        "blocks": [
            *blocks.paragraph("opening", opening),
            *blocks.body(rows, notes, period, at),
            blocks.sources_note(rows, period, frozen),
        ],
        "data": used.content(),
        "data_version": _version(period, used),
        "snapshot": blocks.snapshot(rows),
        "hands": [actor.id],
    }
    return Paper(
        kind=KIND, period=str(period), content=content, data_digest=used.digest(), drafted_by=actor.name, created_at=at
    )


def _version(period: Period, used: Used) -> str:
    """第1版, or how many figures have been corrected since they were first frozen."""
    this = [r for r in used.readings if r.period == str(period)]
    corrected = sum(r.version > 1 for r in this)
    latest = max((r.version for r in this), default=1)
    return f"{period.label}第{latest}版" + (f"（更正{corrected}个定格数）" if corrected else "")


def _keep_draft(paper: Paper, action: str, at: datetime, reason: str = "") -> Paper:
    LIFE.keep_draft(paper, at=at)
    log(action, paper, {"数据摘要": [None, paper.data_digest]}, reason=reason)
    return paper
