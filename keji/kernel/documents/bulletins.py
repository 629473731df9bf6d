"""A bulletin's way: drafted and edited by some, looked over by another, signed by a third, then closed for ever.

The content keeps its `blocks` (headings, paragraphs with a key, tables, pictures), `addressee` and `copies_to`; `hands`
(ids of everybody who wrote in it) and `reviewer`: none of them may take the next step.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from keji.kernel.audit.log import log, take_head, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.models import Paper, keep
from keji.kernel.documents.numbering import grouped, next_number, official_number, sample_number
from keji.kernel.documents.setting import typeset
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date
from keji.lib.paper import model
from keji.lib.paper.check import check
from keji.lib.paper.words import official

LONGEST, LONGEST_LINE = 3000, 200
FRAME = {"title": "标题", "addressee": "主送", "copies_to": "抄送"}


@dataclass(frozen=True)
class Bulletins:
    """The bulletins of some kinds. `set_as` makes the paper the layout engine sets; `unready` says what is still to
    be written before another person looks it over."""

    kinds: Collection[str]
    set_as: Callable[[Paper], model.Paper]
    unready: Callable[[Paper], str] = lambda paper: ""

    def seen_by(self, actor: Actor) -> QuerySet[Paper]:
        """A county reads what is issued, the bureau and the inspector also drafts."""
        found = Paper.objects.filter(kind__in=self.kinds)
        if actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR):
            return found
        return found.filter(state=Paper.State.ISSUED) if actor.has(Role.COUNTY) else found.none()

    def waiting(self, actor: Actor) -> list[tuple[str, Paper]]:
        """(what to do, bulletin) for drafts this actor may look over and reviewed ones they may sign, oldest first."""
        asked = (("核稿", self.review_refusal), ("签发", self.issue_refusal))
        open_ones = self.seen_by(actor).exclude(state=Paper.State.ISSUED).order_by("created_at")
        return [(step, paper) for paper in open_ones for step, refusal in asked if not refusal(paper, actor)]

    def locked(self, paper: Paper) -> Paper:
        return Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk, kind__in=self.kinds)

    def edit_refusal(self, paper: Paper, actor: Actor) -> str:
        if paper.state == Paper.State.ISSUED:
            return "已印发的通报不能修改；内容有误的请起草更正通报"
        if not actor.has(Role.OFFICER):
            return "通报由业务科室修改"
        return "通报已核稿，要修改请先退回" if paper.state == Paper.State.REVIEWED else ""

    def review_refusal(self, paper: Paper, actor: Actor) -> str:
        if paper.state != Paper.State.DRAFT:
            return f"通报{paper.get_state_display()}，不需要再核稿"
        if not actor.has(Role.OFFICER):
            return "通报由业务科室核稿"
        if not actor.is_system and (actor.id in paper.content["hands"] or actor.name == paper.drafted_by):
            return "起草、修改过这份通报的人不能核稿，请由另一人核稿"
        return self.unready(paper) or layout_errors(paper)

    def return_refusal(self, paper: Paper, actor: Actor) -> str:
        if paper.state != Paper.State.REVIEWED:
            return "只有已核稿、没有印发的通报可以退回"
        return "" if actor.has(Role.OFFICER, Role.LEADER) else "通报由业务科室或局领导退回"

    def issue_refusal(self, paper: Paper, actor: Actor) -> str:
        if paper.state == Paper.State.ISSUED:
            return "通报已经印发"
        if paper.state != Paper.State.REVIEWED:
            return "通报还没有核稿，核稿后才能签发"
        if not actor.has(Role.LEADER):
            return "通报由局领导签发"
        if not actor.is_system and (actor.id in paper.content["hands"] or actor.id == paper.content.get("reviewer")):
            return "起草或核稿的人不能签发，请由另一位局领导签发"
        return ""

    def edit(self, paper: Paper, texts: Mapping[str, str], *, actor: Actor, at: datetime, **frame: str | None) -> Paper:
        """Change paragraphs by key, and of the frame `title`, `addressee`, `copies_to`; what is counted stays."""
        with writing(actor, at):
            fresh = self.locked(paper)
            if why := self.edit_refusal(fresh, actor):
                raise Refused(why)
            changes = _reworded(fresh, texts) | _reframed(fresh, frame)
            if fresh.corrects is not None and not _names(fresh, fresh.corrects):
                raise Refused(f"更正通报的正文必须写明所更正的通报（{fresh.corrects.number}）")
            if changes:
                if actor.id not in fresh.content["hands"]:
                    fresh.content["hands"].append(actor.id)
                self.keep_draft(fresh, at=at)
                log("修改通报", fresh, changes)
        return fresh

    def review(self, paper: Paper, *, actor: Actor, at: datetime) -> Paper:
        """Another person has read it against the figures."""
        with writing(actor, at):
            fresh = self.locked(paper)
            if why := self.review_refusal(fresh, actor):
                raise Refused(why)
            fresh.state, fresh.reviewed_by = Paper.State.REVIEWED, actor.name
            fresh.content["reviewer"] = actor.id
            fresh.save()
            log("核稿", fresh, {"state": ["draft", "reviewed"]})
        return fresh

    def send_back(self, paper: Paper, reason: str, *, actor: Actor, at: datetime) -> Paper:
        """Back to the drafter; it must then be looked over again."""
        with writing(actor, at):
            fresh = self.locked(paper)
            if why := self.return_refusal(fresh, actor):
                raise Refused(why)
            if not reason.strip():
                raise Refused("退回需要写明理由")
            fresh.state, fresh.reviewed_by = Paper.State.DRAFT, ""
            fresh.content.pop("reviewer", None)
            fresh.save()
            log("退回通报", fresh, {"state": ["reviewed", "draft"]}, reason=reason.strip())
        return fresh

    def issue(self, paper: Paper, *, actor: Actor, at: datetime, number: str = "") -> Paper:
        """Give it its number, pin the log's roots in it, set it as Word and PDF, and close it for ever."""
        with writing(actor, at):
            fresh, on = self.locked(paper), day_of(at)
            if why := self.issue_refusal(fresh, actor):
                raise Refused(why)
            fresh.number = official_number(number, year=on.year) if number.strip() else next_number(on.year)
            fresh.issued_on, fresh.issued_by, fresh.state = on, actor.name, Paper.State.ISSUED
            head = take_head(at, printed_in=f"{fresh.number} {fresh.title}")
            fresh.content["roots"] = {"size": head.size, "sha256": head.sha256, "sm3": head.sm3}
            self._close(fresh)
            files = {"Word 文件": [None, fresh.docx_id], "PDF 文件": [None, fresh.pdf_id]}
            log("印发通报", fresh, {"state": ["reviewed", "issued"], "number": [None, fresh.number], **files})
        return fresh

    def _close(self, paper: Paper) -> None:
        try:
            word = self.file(paper, "docx")
            paper.content["findings"] = findings(word)
            if why := layout_errors(paper):
                raise Refused(why)
            paper.docx, paper.pdf = keep(word), keep(self.file(paper, "pdf"))
            with transaction.atomic():
                paper.save()
        except model.PaperError as problem:
            raise Refused(str(problem).rstrip("。")) from problem
        except IntegrityError as clash:
            raise Refused(f"发文字号{paper.number}已经用过，请换一个") from clash

    def keep_draft(self, paper: Paper, *, at: datetime) -> None:
        """Save a draft together with what the checker says of it, set as it would look with a number."""
        paper.content["findings"] = findings(self.file(paper, "docx", sample_number(day_of(at).year), day_of(at)))
        paper.save()

    def file(self, paper: Paper, kind: str, number: str = "", on: date | None = None) -> bytes:
        """The paper as "docx" or "pdf"; `number` and `on` stand in for what a draft has not got yet."""
        made, day = self.set_as(paper), paper.issued_on or on
        made = replace(made, number=paper.number or number, issued_on=day, printed_on=day)
        return typeset(made, kind)


def _reworded(paper: Paper, texts: Mapping[str, str]) -> dict[str, Any]:
    """Put the paragraphs in place; {key: [before, after]} of those that differ."""
    changes = {}
    for block in paper.content["blocks"]:
        if block["kind"] == "text" and block["key"] in texts:
            text = official(whole(texts[block["key"]], LONGEST, "每一段"))
            if text != block["text"]:
                changes[block["key"]] = [block["text"], text]
                block["text"] = text
    return changes


def _reframed(paper: Paper, given: Mapping[str, str | None]) -> dict[str, Any]:
    """Put head and foot in place; {label: [before, after]} of what differs. Raises Refused without a title."""
    lines = {
        name: whole(" ".join(official(text).split("\n")), LONGEST_LINE, FRAME[name])
        for name, text in given.items()
        if text is not None
    }
    changes = {}
    title = lines.pop("title", paper.title)
    if not title:
        raise Refused("标题不能为空")
    if title != paper.title:
        changes[FRAME["title"]], paper.title = [paper.title, title], title
    for name, label in FRAME.items():
        if name != "title" and name in lines and lines[name] != paper.content[name]:
            changes[label], paper.content[name] = [paper.content[name], lines[name]], lines[name]
    return changes


def _names(paper: Paper, old: Paper) -> bool:
    return any(b["kind"] == "text" and old.number in b["text"] for b in paper.content["blocks"])


def findings(word: bytes) -> list[dict[str, str]]:
    """What the format checker says of the Word file, as the pages list it."""
    return [{"where": f.where, "rule": f.rule, "message": f.message, "severity": f.severity} for f in check(word)]


def layout_errors(paper: Paper) -> str:
    """Why its layout does not allow the next step; "" when it has no error."""
    errors = [f for f in paper.content.get("findings", []) if f["severity"] == "error"]
    return f"公文格式有 {len(errors)} 处错误，请先修改：{errors[0]['message'].rstrip('。')}" if errors else ""


def file_name(paper: Paper, suffix: str) -> str:
    """六科通〔2024〕11号 关于…（11月5日印发）.docx; a draft says so."""
    head = f"{paper.number} " if paper.number else "（草稿）"
    day = f"（{plain_date(paper.issued_on)}印发）" if paper.issued_on else ""
    return f"{head}{paper.title}{day}.{suffix}"


def roots_note(paper: Paper) -> list[str]:
    """The line at the foot that pins the operation log as it stood on the day of issue."""
    if not (roots := paper.content.get("roots")):
        return []
    pair = f"SHA-256 {grouped(roots['sha256'])}；SM3 {grouped(roots['sm3'])}"
    return [f"操作记录前{roots['size']}条的根值：{pair}。"]
