"""The breakdown table as an official paper: drafted by one officer, issued with its number by another person."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from keji.kernel.audit.log import writing
from keji.kernel.documents.letters import close, draft_letter, framed, letters, to_sign
from keji.kernel.documents.models import Paper
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import format_number
from keji.lib.paper import model
from keji.modules.plan.models import Plan
from keji.modules.plan.phrases import wanted
from keji.modules.plan.services.split import SplitRow, matrix, units

KIND = "breakdown"


def breakdown_papers(plan: Plan) -> Any:
    """This plan's papers, the newest first."""
    return letters(KIND, plan.number).order_by("-created_at")


def draft_breakdown_paper(plan: Plan, *, actor: Actor, at: datetime) -> Paper:
    """Draft the paper from the issued shares; an earlier draft is replaced, an issued paper corrected."""
    _officer(actor)
    rows = [row for row in matrix(plan, Actor.system()) if row.issued]
    if not rows:
        raise Refused("还没有已下达的目标分解，不能成文")
    issued = breakdown_papers(plan).filter(state=Paper.State.ISSUED).first()
    title = f"关于下达{plan.year}年全市科技工作主要目标分解任务的通知"
    return draft_letter(KIND, plan.number, title, _content(plan, rows), actor=actor, at=at, corrects=issued)


def issue_breakdown_paper(plan: Plan, *, document_number: str, actor: Actor, at: datetime) -> Paper:
    """Give the draft its number and make it final as .docx and PDF. Drafting and issuing are two people's work."""
    if not actor.has(Role.OFFICER, Role.LEADER):
        raise Refused("公文由业务科室或局领导签发")
    with writing(actor, at):
        paper = to_sign(KIND, plan.number, document_number, actor=actor, at=at)
        if paper.corrects is not None:
            paper.content["correction"] = f"此前印发的{paper.corrects.number}同时废止。"
        close(paper, as_document(paper), actor=actor)
    return paper


def as_document(paper: Paper) -> model.Paper:
    """The paper as the layout engine wants it: a short letter, the table as its attachment lying down."""
    content = paper.content
    columns = [model.Column(c["title"], align=c.get("align")) for c in content["columns"]]
    body = [model.Text(text) for text in content["body"]]
    if "correction" in content:
        body.append(model.Text(content["correction"]))
    table = model.Table(columns, content["table"], note="“—”表示该项目标不分解到该县区；比率类目标不求和。")
    return framed(
        paper,
        addressee="各县区科技局，市开发区科技主管部门",
        body=body,
        attachments=[model.Attachment(content["attachment"], [table], landscape=True)],
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
