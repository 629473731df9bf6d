"""The monthly bulletin's life: drafted from frozen figures, edited, reviewed by another person, issued, corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from keji.kernel.audit.log import log, take_head, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.models import Paper, keep
from keji.kernel.indicators.models import Reading, frozen_at
from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period, plain_date
from keji.lib.paper.model import PaperError
from keji.lib.paper.number import DocumentNumber
from keji.modules.plan.models import Plan
from keji.modules.plan.services import bulletin_blocks as blocks
from keji.modules.plan.services.bulletin_paper import findings, pdf_file, word_file
from keji.modules.plan.services.bulletin_rows import Used, rows_of, targets_of
from keji.modules.plan.services.bulletin_text import official
from keji.modules.plan.services.follow import standings

KIND = "bulletin"
READERS = BUREAU | {Role.INSPECTOR, Role.COUNTY}
LONGEST = 3000


def bulletins(actor: Actor) -> QuerySet[Paper]:
    """The bulletins this actor may read: a county sees what is issued, the bureau and the inspector also drafts."""
    found = Paper.objects.filter(kind=KIND)
    if actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR):
        return found
    return found.filter(state=Paper.State.ISSUED) if actor.has(Role.COUNTY) else found.none()


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
        return _keep_draft(paper, "起草通报")


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
        return _keep_draft(paper, "起草更正通报", reason=reason)


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


def _keep_draft(paper: Paper, action: str, reason: str = "") -> Paper:
    paper.content["findings"] = findings(
        word_file(paper, number=_sample_number(paper), issued_on=day_of(paper.created_at))
    )
    paper.save()
    log(action, paper, {"数据摘要": [None, paper.data_digest]}, reason=reason)
    return paper


def _sample_number(paper: Paper) -> str:
    """A draft is checked as it would look with a number."""
    return paper.number or str(DocumentNumber(letterhead().mark, int(paper.period[:4]), 1))


def _locked(paper: Paper) -> Paper:
    return Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk, kind=KIND)


def edit_refusal(paper: Paper, actor: Actor) -> str:
    if paper.state == Paper.State.ISSUED:
        return "已印发的通报不能修改；内容有误的请起草更正通报"
    if not actor.has(Role.OFFICER):
        return "通报由业务科室修改"
    return "通报已核稿，要修改请先退回" if paper.state == Paper.State.REVIEWED else ""


def edit_bulletin(
    paper: Paper, texts: Mapping[str, str], *, actor: Actor, at: datetime,
    title: str | None = None, addressee: str | None = None, copies_to: str | None = None,
) -> Paper:  # fmt: skip
    """Change paragraphs by key, and head and foot. Tables cannot be changed: their figures are the frozen ones."""
    with writing(actor, at):
        fresh = _locked(paper)
        if why := edit_refusal(fresh, actor):
            raise Refused(why)
        changes: dict[str, Any] = {}
        for block in fresh.content["blocks"]:
            if block["kind"] == "text" and block["key"] in texts:
                text = official(texts[block["key"]][:LONGEST])
                if text != block["text"]:
                    changes[block["key"]] = [block["text"], text]
                    block["text"] = text
        _change_frame(fresh, changes, title=title, addressee=addressee, copies_to=copies_to)
        if fresh.corrects is not None and not _names(fresh, fresh.corrects):
            raise Refused(f"更正通报的正文必须写明所更正的通报（{fresh.corrects.number}）")
        if not changes:
            return fresh
        if actor.id not in fresh.content["hands"]:
            fresh.content["hands"].append(actor.id)
        fresh.content["findings"] = findings(word_file(fresh, number=_sample_number(fresh), issued_on=day_of(at)))
        fresh.save()
        log("修改通报", fresh, changes)
    return fresh


def _change_frame(paper: Paper, changes: dict[str, Any], **given: str | None) -> None:
    given = {name: " ".join(official(text).split("\n"))[:200] for name, text in given.items() if text is not None}
    if "title" in given and given["title"] != paper.title:
        if not given["title"]:
            raise Refused("标题不能为空")
        changes["标题"] = [paper.title, given["title"]]
        paper.title = given["title"]
    for name, label in (("addressee", "主送"), ("copies_to", "抄送")):
        if name in given and given[name] != paper.content[name]:
            changes[label] = [paper.content[name], given[name]]
            paper.content[name] = given[name]


def _names(paper: Paper, old: Paper) -> bool:
    return any(b["kind"] == "text" and old.number in b["text"] for b in paper.content["blocks"])


def review_refusal(paper: Paper, actor: Actor) -> str:
    if paper.state != Paper.State.DRAFT:
        return f"通报{paper.get_state_display()}，不需要再核稿"
    if not actor.has(Role.OFFICER):
        return "通报由业务科室核稿"
    if not actor.is_system and (actor.id in paper.content["hands"] or actor.name == paper.drafted_by):
        return "起草、修改过这份通报的人不能核稿，请由另一人核稿"
    return ""


def review_bulletin(paper: Paper, *, actor: Actor, at: datetime) -> Paper:
    """Another person has read it against the figures."""
    with writing(actor, at):
        fresh = _locked(paper)
        if why := review_refusal(fresh, actor):
            raise Refused(why)
        if errors := [f for f in fresh.content["findings"] if f["severity"] == "error"]:
            raise Refused(f"公文格式还有 {len(errors)} 处错误，请先修改：{errors[0]['message'].rstrip('。')}")
        fresh.state, fresh.reviewed_by = Paper.State.REVIEWED, actor.name
        fresh.content["reviewer"] = actor.id
        fresh.save()
        log("核稿", fresh, {"state": ["draft", "reviewed"]})
    return fresh


def return_refusal(paper: Paper, actor: Actor) -> str:
    if paper.state != Paper.State.REVIEWED:
        return "只有已核稿、没有印发的通报可以退回"
    return "" if actor.has(Role.OFFICER, Role.LEADER) else "通报由业务科室或局领导退回"


def return_bulletin(paper: Paper, reason: str, *, actor: Actor, at: datetime) -> Paper:
    """Back to the drafter; it must then be reviewed again."""
    with writing(actor, at):
        fresh = _locked(paper)
        if why := return_refusal(fresh, actor):
            raise Refused(why)
        if not reason.strip():
            raise Refused("退回需要写明理由")
        fresh.state, fresh.reviewed_by = Paper.State.DRAFT, ""
        fresh.content.pop("reviewer", None)
        fresh.save()
        log("退回通报", fresh, {"state": ["reviewed", "draft"]}, reason=reason.strip())
    return fresh


def next_number(year: int) -> str:
    """六科通〔2024〕11号: one more than the highest of the year."""
    mark = letterhead().mark
    given = Paper.objects.filter(number__startswith=f"{mark}〔{year}〕").values_list("number", flat=True)
    serials = [int(m[1]) for number in given if (m := re.search(r"〕(\d+)号$", number))]
    return str(DocumentNumber(mark, year, max(serials, default=0) + 1))


def issue_refusal(paper: Paper, actor: Actor) -> str:
    if paper.state == Paper.State.ISSUED:
        return "通报已经印发"
    if paper.state != Paper.State.REVIEWED:
        return "通报还没有核稿，核稿后才能签发"
    if not actor.has(Role.LEADER):
        return "通报由局领导签发"
    if not actor.is_system and (actor.id in paper.content["hands"] or actor.id == paper.content.get("reviewer")):
        return "起草或核稿的人不能签发，请由另一位局领导签发"
    return ""


def issue_bulletin(paper: Paper, *, actor: Actor, at: datetime, number: str = "") -> Paper:
    """Give it its number, pin the log's roots in it, set it as Word and PDF, and close it for ever."""
    with writing(actor, at):
        fresh, on = _locked(paper), day_of(at)
        if why := issue_refusal(fresh, actor):
            raise Refused(why)
        fresh.number = _number(number, on.year)
        fresh.issued_on, fresh.issued_by, fresh.state = on, actor.name, Paper.State.ISSUED
        head = take_head(at, printed_in=f"{fresh.number} {fresh.title}")
        fresh.content["roots"] = {"size": head.size, "sha256": head.sha256, "sm3": head.sm3}
        try:
            word = word_file(fresh)
            fresh.content["findings"] = findings(word)
            if errors := [f for f in fresh.content["findings"] if f["severity"] == "error"]:
                raise Refused(f"公文格式有 {len(errors)} 处错误，不能印发：{errors[0]['message'].rstrip('。')}")
            fresh.docx, fresh.pdf = keep(word), keep(pdf_file(fresh))
            with transaction.atomic():
                fresh.save()
        except PaperError as problem:
            raise Refused(str(problem).rstrip("。")) from problem
        except IntegrityError as clash:
            raise Refused(f"发文字号 {fresh.number} 已被使用，请换一个") from clash
        files = {"Word 文件": [None, fresh.docx_id], "PDF 文件": [None, fresh.pdf_id]}
        log("印发通报", fresh, {"state": ["reviewed", "issued"], "number": [None, fresh.number], **files})
    return fresh


def _number(typed: str, year: int) -> str:
    """The number as typed, put into its standard form; the next free one when nothing was typed."""
    if not typed.strip():
        return next_number(year)
    try:
        found = DocumentNumber.parse(typed)
    except PaperError as problem:
        raise Refused(str(problem).rstrip("。")) from problem
    if found.year != year:
        raise Refused(f"发文字号的年份应为 {year}，不是 {found.year}")
    return str(found)
