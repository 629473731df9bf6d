"""Every look at what is sealed is an entry in the log, written before anything is shown."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from keji.kernel.audit.log import log_look, writing
from keji.kernel.parties.models import Party, Person, Standing
from keji.kernel.parties.standings import blocks
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date
from keji.modules.integrity.models import Case, CasePaper, Lookup, Report


def look(case: Case, what: str, *, actor: Actor, at: datetime) -> None:
    """Note that this actor opened a part of the file."""
    with writing(actor, at):
        log_look(f"查阅{what}", case)


def look_at_paper(paper: CasePaper, kind: str, *, actor: Actor, at: datetime) -> None:
    with writing(actor, at):
        log_look("下载文书", paper, {"格式": [None, kind]})


def reveal_refusal(report: Report, actor: Actor) -> str:
    """Why this actor may not learn who reported; "" for the handler and the inspector."""
    inspector = any(a.role == Role.INSPECTOR and not a.lent_by for a in actor.authorities)
    if inspector or report.case.has_member(actor.id, "handler"):
        return ""
    return "举报人信息只有本案承办人和派驻纪检可以查看"


def reveal_reporter(report: Report, reason: str, *, actor: Actor, at: datetime) -> tuple[str, str]:
    """(name, contact) of who reported. Raises Refused with a sentence."""
    if why := reveal_refusal(report, actor):
        raise Refused(why)
    if not reason.strip():
        raise Refused("查看举报人信息需要写明用途")
    with writing(actor, at):
        log_look("查看举报人信息", report, reason=reason)
    return (report.name or "匿名", report.contact or "没有留")


def subjects_named(text: str, actor: Actor) -> list[Party | Person]:
    """Units by code or whole name and people by whole name, within what the actor sees; at most ten."""
    word = text.strip()
    if not word:
        return []
    parties = Party.objects.visible_to(actor).filter(Q(uscc=word.upper()) | Q(name=word))
    people = Person.objects.visible_to(actor).filter(name=word).select_related("party")
    return [*parties[:5], *people[:5]]


def check(subject: Party | Person, on: date, *, reason: str, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """(verb in words, why not or "") of everything a sanction may stand in the way of. The answer is kept."""
    if not reason.strip():
        raise Refused("请写明用途，查询会留痕")
    reason = whole(reason, 200, "用途")
    found = [(str(verb.label), blocks(subject, verb, on)) for verb in Standing.Verb]
    barred = [label for label, why in found if why]
    with writing(actor, at):
        kept = Lookup.objects.create(
            at=at,
            by=actor.name,
            asked=f"{subject}　{plain_date(on)}"[:200],
            answer=("不得" + "、".join(barred))[:500] if barred else "没有限制",
            reason=reason,
        )
        log_look("查询限制事项", kept, {"answer": [None, kept.answer]}, reason=reason)
    return found


def look_at_register(shown: int, *, actor: Actor, at: datetime) -> None:
    with writing(actor, at):
        kept = Lookup.objects.create(at=at, by=actor.name, asked="受处理名单", answer=f"列出 {shown} 条")
        log_look("查阅受处理名单", kept)
