"""The race's papers: drafted from a run, words edited, reviewed by another, issued by a leader, then unchangeable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from keji.kernel.audit.log import log, take_head, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.fonts import house_fonts
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.models import Paper, keep
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.paper import model as set_as
from keji.lib.paper.check import check
from keji.lib.paper.docx import to_docx
from keji.lib.paper.model import PaperError
from keji.lib.paper.number import DocumentNumber
from keji.lib.paper.pdf import to_pdf
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.services.appraisals import final_of
from keji.modules.horserace.services.drawing import contributions_svg
from keji.modules.horserace.services.paper_blocks import blocks_of
from keji.modules.horserace.services.reading import run_of

KINDS = {"race_month": "月通报", "race_quarter": "季调度", "race_year": "年评价"}
TITLES = {
    "race_month": "关于{}县区科技创新赛马情况的通报",
    "race_quarter": "关于{}县区科技创新赛马调度情况的通报",
    "race_year": "关于{}县区科技创新赛马评价结果的通报",
}
LONGEST = 3000


def papers(actor: Actor) -> QuerySet[Paper]:
    """What this actor may read: a county sees what is issued."""
    found = Paper.objects.filter(kind__in=KINDS)
    if actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR):
        return found
    return found.filter(state=Paper.State.ISSUED) if actor.has(Role.COUNTY) else found.none()


def draft_refusal(run: RaceRun, actor: Actor) -> str:
    """Why no paper can be drafted on this run; "" when one can."""
    if not actor.has(Role.OFFICER):
        return "通报由业务科室起草"
    if run.state != "published":
        return "结果公布后才能起草通报" if run.state == "ready" else f"这是{run.get_state_display()}，不能起草通报"
    if run.kind == RaceRun.Kind.YEAR and final_of(run) is None:
        return "年度评价还没有确定，请先拟定等次、公示，由局领导确定后再起草"
    if Paper.objects.filter(kind=f"race_{run.kind}", data_digest=run.digest).exists():
        return "这一版结果的通报已经起草"
    return ""


def draft(run: RaceRun, *, actor: Actor, at: datetime) -> Paper:
    """Draft the paper on a published run; for a corrected run it names the paper it corrects."""
    if why := draft_refusal(run, actor):
        raise Refused(why)
    kind = f"race_{run.kind}"
    with writing(actor, at):
        old = Paper.objects.filter(kind=kind, period=run.period, state=Paper.State.ISSUED).order_by("-pk").first()
        title = TITLES[kind].format(run.span.label)
        content = {
            "run": run.pk,
            "number": run.number,
            "addressee": "各县区科技局、开发区科技部门",
            "copies_to": "市政府办公室，各县区人民政府",
            "blocks": blocks_of(run),
            "data_version": f"{run.number}（{run.span.label}第{run.version}版）",
            "hands": [actor.id],
        }
        paper = Paper(
            kind=kind,
            period=run.period,
            title=title.replace("关于", "关于更正", 1) if old else title,
            content=content,
            data_digest=run.digest,
            drafted_by=actor.name,
            created_at=at,
            corrects=old,
        )
        paper.save()
        log("起草赛马通报", paper, {"数据摘要": [None, paper.data_digest]})
    return paper


def _locked(paper: Paper) -> Paper:
    return Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk, kind__in=KINDS)


def edit_refusal(paper: Paper, actor: Actor) -> str:
    if paper.state == Paper.State.ISSUED:
        return "已印发的通报不能修改"
    if not actor.has(Role.OFFICER):
        return "通报由业务科室修改"
    return "通报已核稿，要修改请先退回" if paper.state == Paper.State.REVIEWED else ""


def edit(paper: Paper, texts: Mapping[str, str], *, actor: Actor, at: datetime) -> Paper:
    """Change paragraphs by key. Tables and pictures cannot be changed: they are the run's."""
    with writing(actor, at):
        fresh = _locked(paper)
        if why := edit_refusal(fresh, actor):
            raise Refused(why)
        changes: dict[str, Any] = {}
        for block in fresh.content["blocks"]:
            if block["kind"] == "text" and block["key"] in texts:
                words = texts[block["key"]].strip().replace("\r", "")[:LONGEST]
                if words != block["text"]:
                    changes[block["key"]] = [block["text"][:200], words[:200]]
                    block["text"] = words
        if changes:
            if actor.id not in fresh.content["hands"]:
                fresh.content["hands"].append(actor.id)
            fresh.save()
            log("修改赛马通报", fresh, changes)
    return fresh


def review_refusal(paper: Paper, actor: Actor) -> str:
    if paper.state != Paper.State.DRAFT:
        return f"通报{paper.get_state_display()}，不需要再核稿"
    if not actor.has(Role.OFFICER):
        return "通报由业务科室核稿"
    if not actor.is_system and actor.id in paper.content["hands"]:
        return "起草、修改过这份通报的人不能核稿，请由另一人核稿"
    if any(b["kind"] == "text" and b["text"].startswith("（请填写") for b in paper.content["blocks"]):
        return "会议意见还没有填写，请先修改文字"
    return ""


def review(paper: Paper, *, actor: Actor, at: datetime) -> Paper:
    with writing(actor, at):
        fresh = _locked(paper)
        if why := review_refusal(fresh, actor):
            raise Refused(why)
        fresh.state, fresh.reviewed_by = Paper.State.REVIEWED, actor.name
        fresh.content["reviewer"] = actor.id
        fresh.save()
        log("核稿", fresh, {"state": ["draft", "reviewed"]})
    return fresh


def send_back(paper: Paper, reason: str, *, actor: Actor, at: datetime) -> Paper:
    with writing(actor, at):
        fresh = _locked(paper)
        if fresh.state != Paper.State.REVIEWED:
            raise Refused("只有已核稿、没有印发的通报可以退回")
        if not reason.strip():
            raise Refused("退回需要写明理由")
        fresh.state, fresh.reviewed_by = Paper.State.DRAFT, ""
        fresh.save()
        log("退回通报", fresh, {"state": ["reviewed", "draft"]}, reason=reason.strip())
    return fresh


def issue_refusal(paper: Paper, actor: Actor) -> str:
    if paper.state != Paper.State.REVIEWED:
        return "通报已经印发" if paper.state == Paper.State.ISSUED else "通报还没有核稿，核稿后才能签发"
    if not actor.has(Role.LEADER):
        return "通报由局领导签发"
    if not actor.is_system and (actor.id in paper.content["hands"] or actor.id == paper.content.get("reviewer")):
        return "起草或核稿的人不能签发，请由另一位局领导签发"
    return ""


def next_number(year: int) -> str:
    """One more than the highest of the year, over all papers of the house: they share one series."""
    mark = letterhead().mark
    given = Paper.objects.filter(number__startswith=f"{mark}〔{year}〕").values_list("number", flat=True)
    serials = [int(m[1]) for number in given if (m := re.search(r"〕(\d+)号$", number))]
    return str(DocumentNumber(mark, year, max(serials, default=0) + 1))


def issue(paper: Paper, *, actor: Actor, at: datetime, number: str = "") -> Paper:
    """Number it, pin the log's roots, set it as Word and PDF, close it for ever."""
    with writing(actor, at):
        fresh, on = _locked(paper), day_of(at)
        if why := issue_refusal(fresh, actor):
            raise Refused(why)
        try:
            fresh.number = str(DocumentNumber.parse(number)) if number.strip() else next_number(on.year)
            fresh.issued_on, fresh.issued_by, fresh.state = on, actor.name, Paper.State.ISSUED
            head = take_head(at, printed_in=f"{fresh.number} {fresh.title}")
            fresh.content["roots"] = {"size": head.size, "sha256": head.sha256, "sm3": head.sm3}
            word = word_file(fresh)
            if errors := [f for f in check(word) if f.severity == "error"]:
                raise Refused(f"公文格式有 {len(errors)} 处错误，不能印发：{errors[0].message.rstrip('。')}")
            fresh.docx, fresh.pdf = keep(word), keep(pdf_file(fresh))
            with transaction.atomic():
                fresh.save()
        except PaperError as problem:
            raise Refused(str(problem).rstrip("。")) from problem
        except IntegrityError as clash:
            raise Refused(f"发文字号 {fresh.number} 已被使用，请换一个") from clash
        log("印发赛马通报", fresh, {"number": [None, fresh.number], "Word 文件": [None, fresh.docx_id]})
    return fresh


def as_paper(paper: Paper, issued_on: date | None = None) -> set_as.Paper:
    """The paper as plain values, its pictures drawn from the run it names."""
    content, head = paper.content, letterhead()
    day = issued_on or paper.issued_on
    run = RaceRun.objects.get(pk=content["run"])
    blocks = [b for raw in content["blocks"] for b in _block(raw, run)]
    return set_as.Paper(
        title=paper.title,
        issuer_mark=f"{head.issuer}文件",
        number=paper.number or str(DocumentNumber(head.mark, int(paper.period[:4]), 1)),
        addressee=content["addressee"],
        body=set_as.numbered(blocks),
        signer=head.issuer,
        issued_on=day,
        copies_to=content["copies_to"],
        printed_by=head.office,
        printed_on=day,
        footnotes=tuple(footnotes(paper)),
    )


def footnotes(paper: Paper) -> list[str]:
    """Method, version and digest of the data, roots of the log: what lets anybody compute the places again."""
    content = paper.content
    found = [
        f"数据版本：{content['data_version']}。计分文件摘要（SHA-256）：{_grouped(paper.data_digest)}。"
        "用计分文件和重算命令可以重算每一个名次。"
    ]
    if roots := content.get("roots"):
        pair = f"SHA-256 {_grouped(roots['sha256'])}；SM3 {_grouped(roots['sm3'])}"
        found.append(f"操作记录前{roots['size']}条的根值：{pair}。")
    return found


def _grouped(digest: str) -> str:
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def _block(raw: dict[str, Any], run: RaceRun) -> list[set_as.Block]:
    match raw["kind"]:
        case "heading":
            return [set_as.Heading(raw["level"], raw["text"])]
        case "text":
            return [set_as.Text(raw["text"])] if raw["text"] else []
        case "picture":
            return [set_as.Picture(contributions_svg(run_of(run)), raw["caption"], 150.0)]
        case "table":
            widths = raw.get("widths") or [None] * len(raw["columns"])
            columns = [
                set_as.Column(title, align=align, width=width)
                for (title, align), width in zip(raw["columns"], widths, strict=True)
            ]
            rows = [[_cell(v) for v in row] for row in raw["rows"]]
            return [set_as.Table(columns, rows, caption=raw["caption"], note=raw["note"])]
    raise ValueError(raw["kind"])


def _cell(value: str | None) -> str | Decimal | None:
    return None if value in (None, "—") else value


def word_file(paper: Paper, issued_on: date | None = None) -> bytes:
    return to_docx(as_paper(paper, issued_on), house_fonts())


def pdf_file(paper: Paper, issued_on: date | None = None) -> bytes:
    return to_pdf(as_paper(paper, issued_on), house_fonts())


def file_name(paper: Paper, suffix: str) -> str:
    return f"{paper.number or '（草稿）'} {paper.title}.{suffix}"
