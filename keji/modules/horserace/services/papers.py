"""The race's papers: drafted from a run, words edited, reviewed by another, issued by a leader, then unchangeable."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.bulletins import Bulletins, roots_note
from keji.kernel.documents.letters import framed
from keji.kernel.documents.models import Paper
from keji.kernel.documents.numbering import grouped
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import plain_date
from keji.lib.paper import model as set_as
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.services.appraisals import final_of
from keji.modules.horserace.services.drawing import contributions_svg
from keji.modules.horserace.services.paper_blocks import Block, blocks_of, text
from keji.modules.horserace.services.reading import run_of

KINDS = {"race_month": "月通报", "race_quarter": "季调度", "race_year": "年评价"}
TITLES = {
    "race_month": "关于{}县区科技创新赛马情况的通报",
    "race_quarter": "关于{}县区科技创新赛马调度情况的通报",
    "race_year": "关于{}县区科技创新赛马评价结果的通报",
}


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
            "blocks": [*_correcting(old), *blocks_of(run)],
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
        LIFE.keep_draft(paper, at=at)
        log("起草赛马通报", paper, {"数据摘要": [None, paper.data_digest]})
    return paper


def _correcting(old: Paper | None) -> list[Block]:
    """A correction opens with the paper it corrects."""
    if old is None:
        return []
    words = (
        f"《{old.title}》（{old.number}，{plain_date(old.issued_on)}印发）有关内容需要更正，不一致之处以本通报为准。"
    )
    return [text("corrects", words)]


def as_paper(paper: Paper) -> set_as.Paper:
    """The paper as plain values, its pictures drawn from the run it names."""
    content = paper.content
    run = RaceRun.objects.get(pk=content["run"])
    return framed(
        paper,
        addressee=content["addressee"],
        body=set_as.numbered([b for raw in content["blocks"] for b in _block(raw, run)]),
        copies_to=content["copies_to"],
        footnotes=tuple(footnotes(paper)),
    )


def footnotes(paper: Paper) -> list[str]:
    """Method, version and digest of the data, roots of the log: what lets anybody compute the places again."""
    version, digest = paper.content["data_version"], grouped(paper.data_digest)
    method = f"数据版本：{version}。计分文件摘要（SHA-256）：{digest}。用计分文件和重算命令可以重算每一个名次。"
    return [method, *roots_note(paper)]


def minutes_missing(paper: Paper) -> str:
    """Why nobody can look it over yet: the meeting's words are still to be filled in."""
    empty = any(b["kind"] == "text" and b["text"].startswith("（请填写") for b in paper.content["blocks"])
    return "会议意见还没有填写，请先修改文字" if empty else ""


LIFE = Bulletins(tuple(KINDS), as_paper, minutes_missing)
papers = LIFE.seen_by
edit, review, send_back, issue = LIFE.edit, LIFE.review, LIFE.send_back, LIFE.issue


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
