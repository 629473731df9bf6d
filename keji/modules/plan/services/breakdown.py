"""The breakdown table as an official paper: drafted by one officer, issued with its number by another person."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.fonts import house_fonts
from keji.kernel.documents.models import Paper, keep
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import format_number
from keji.lib.paper import docx, model, number, pdf
from keji.modules.plan.models import Plan
from keji.modules.plan.phrases import wanted
from keji.modules.plan.services.split import SplitRow, matrix, units

KIND = "breakdown"


def breakdown_papers(plan: Plan) -> Any:
    """This plan's papers, the newest first."""
    return Paper.objects.filter(kind=KIND, period=plan.number).order_by("-created_at")


def draft_breakdown_paper(plan: Plan, *, actor: Actor, at: datetime) -> Paper:
    """Draft the paper from the issued shares; an earlier draft is replaced, an issued paper corrected."""
    _officer(actor)
    rows = [row for row in matrix(plan, Actor.system()) if row.issued]
    if not rows:
        raise Refused("还没有已下达的目标分解，不能成文")
    content = _content(plan, rows) | {"drafter": actor.id}
    digest = hashlib.sha256(json.dumps(content["table"], ensure_ascii=False).encode()).hexdigest()
    with writing(actor, at):
        breakdown_papers(plan).filter(state=Paper.State.DRAFT).delete()
        issued = breakdown_papers(plan).filter(state=Paper.State.ISSUED).first()
        paper = Paper.objects.create(
            kind=KIND,
            period=plan.number,
            title=f"关于下达{plan.year}年全市科技工作主要目标分解任务的通知",
            content=content,
            drafted_by=actor.name,
            created_at=at,
            data_digest=digest,
            corrects=issued,
        )
        log("起草目标分解通知", paper)
    return paper


def issue_breakdown_paper(
    plan: Plan, *, document_number: str, actor: Actor, at: datetime, issuer_mark: str = "", signer: str = ""
) -> Paper:
    """Give the draft its number and make it final as .docx and PDF. Drafting and issuing are two people's work."""
    if not actor.has(Role.OFFICER, Role.LEADER):
        raise Refused("公文由业务科室或局领导签发")
    try:
        official = str(number.parse(document_number))
    except model.PaperError as why:
        raise Refused(str(why)) from None
    with writing(actor, at):
        paper = breakdown_papers(plan).select_for_update().filter(state=Paper.State.DRAFT).first()
        if paper is None:
            raise Refused("没有待签发的目标分解通知，请先起草")
        if paper.content.get("drafter") == actor.id and not actor.is_system:
            raise Refused("起草和签发必须是两个人")
        if Paper.objects.filter(number=official).exists():
            raise Refused(f"发文字号{official}已经用过")
        if paper.corrects_id:
            paper.content["correction"] = f"此前印发的{paper.corrects.number}同时废止。"  # type: ignore[union-attr]
        made = as_document(paper, official, day_of(at), issuer_mark or bureau(), signer or bureau())
        found = house_fonts()
        paper.number, paper.issued_by, paper.issued_on = official, actor.name, day_of(at)
        paper.docx, paper.pdf = keep(docx.to_docx(made, found)), keep(pdf.to_pdf(made, found))
        paper.state = Paper.State.ISSUED
        paper.save()
        log("印发目标分解通知", paper, {"发文字号": ["", official]})
    return paper


def bureau() -> str:
    return "六安市科学技术局" if settings.DEMO else "市科学技术局"


def as_document(paper: Paper, official: str, on: date, issuer: str, signer: str) -> model.Paper:
    """The paper as the layout engine wants it: a short letter, the table as its attachment lying down."""
    content = paper.content
    columns = [model.Column(c["title"], align=c.get("align")) for c in content["columns"]]
    body = [model.Text(text) for text in content["body"]]
    if "correction" in content:
        body.append(model.Text(content["correction"]))
    table = model.Table(columns, content["table"], note="“—”表示该项目标不分解到该县区；比率类目标不求和。")
    return model.Paper(
        title=paper.title,
        issuer_mark=f"{issuer}文件",
        number=official,
        addressee="各县区科技局，市开发区科技主管部门",
        body=body,
        attachments=[model.Attachment(content["attachment"], [table], landscape=True)],
        signer=signer,
        issued_on=on,
        printed_by=f"{signer}办公室",
        printed_on=on,
        footnotes=(f"数据摘要 {paper.data_digest[:16]}",),
    )


def _content(plan: Plan, rows: list[SplitRow]) -> dict[str, Any]:
    regions = units()
    columns: list[dict[str, Any]] = [
        {"title": "序号", "align": "center"},
        {"title": "目标", "align": "left"},
        {"title": "全市"},
        *({"title": r.short_name, "align": "right"} for r in regions),
    ]
    table = []
    for place, row in enumerate(rows, 1):
        cells = [_cell(row.shares[r.code].value if r.code in row.shares else None) for r in regions]
        table.append([str(place), f"{row.target.subject}（{row.target.unit}）", wanted(row.target), *cells])
    gaps = [_gap_text(row) for row in rows if row.gap]
    body = [
        f"为落实《{plan.title}》，经与各县区、市开发区商定，现将{plan.year}年全市科技工作{len(rows)}项主要目标分解下达给你们"
        "（见附件），请结合实际抓好落实，按月报送进展，确保全面完成。"
    ]
    if gaps:
        body.append("；".join(gaps) + "。")
    return {
        "body": body,
        "columns": columns,
        "table": table,
        "attachment": f"{plan.year}年全市科技工作主要目标分解表",
    }


def _gap_text(row: SplitRow) -> str:
    """A sum that is not the city's target is said in the paper, too."""
    assert row.gap is not None
    sums = f"{row.target.subject}分解合计{_cell(row.total)}{row.target.unit}，全市目标为{wanted(row.target)}"
    return f"{sums}，差额由市级统筹" if row.gap > 0 else f"{sums}，高出部分作为余量"


def _cell(value: Decimal | None) -> str:
    return format_number(value)


def _officer(actor: Actor) -> None:
    if not actor.has(Role.OFFICER):
        raise Refused("目标分解通知由业务科室起草")
