"""A letter that carries a table: one person drafts it, another signs it, then it is closed for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.models import Paper, keep
from keji.kernel.documents.numbering import official_number
from keji.kernel.documents.setting import typeset
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.lib.paper import model


def letters(kind: str, period: str) -> QuerySet[Paper]:
    """The letters of this kind about one thing (`period`: a year, a month, the number of a record)."""
    return Paper.objects.filter(kind=kind, period=period)


def draft_letter(
    kind: str,
    period: str,
    title: str,
    content: dict[str, Any],
    *,
    actor: Actor,
    at: datetime,
    corrects: Paper | None = None,
) -> Paper:
    """Keep a draft; an earlier one is replaced. The digest is that of `content["table"]`."""
    with writing(actor, at):
        letters(kind, period).filter(state=Paper.State.DRAFT).delete()
        paper = Paper.objects.create(
            kind=kind,
            period=period,
            title=title,
            content=content | {"drafter": actor.id},
            drafted_by=actor.name,
            created_at=at,
            data_digest=hashlib.sha256(json.dumps(content["table"], ensure_ascii=False).encode()).hexdigest(),
            corrects=corrects,
        )
        log("起草公文", paper)
    return paper


def to_sign(kind: str, period: str, typed: str, *, actor: Actor, at: datetime) -> Paper:
    """The draft, locked, with the number it is about to be given. Raises Refused with a sentence."""
    paper = letters(kind, period).select_for_update(of=("self",)).filter(state=Paper.State.DRAFT).first()
    if paper is None:
        raise Refused("没有待签发的公文，请先起草")
    if paper.content.get("drafter") == actor.id and not actor.is_system:
        raise Refused("起草和签发必须是两个人")
    paper.number, paper.issued_on = official_number(typed), day_of(at)
    return paper


def hold_to(paper: Paper, content: Mapping[str, Any]) -> None:
    """Refused when what the draft says is not what it would say if it were drafted now."""
    if any(paper.content.get(name) != said for name, said in content.items()):
        raise Refused("起草之后名单有变化，请重新起草")


def close(paper: Paper, set_as: model.Paper, *, actor: Actor) -> None:
    """Set it as Word and PDF and close it. Call inside `writing`, after `to_sign`."""
    try:
        paper.docx, paper.pdf = keep(typeset(set_as, "docx")), keep(typeset(set_as, "pdf"))
    except model.PaperError as problem:
        raise Refused(str(problem).rstrip("。")) from None
    paper.issued_by, paper.state = actor.name, Paper.State.ISSUED
    paper.save()
    log("印发公文", paper, {"发文字号": ["", paper.number]})


def framed(paper: Paper, **given: Any) -> model.Paper:
    """The letter between the house's own head and foot; `given` is its body, addressee, attachments, copies."""
    head, on = letterhead(), paper.issued_on
    frame: dict[str, Any] = {
        "title": paper.title,
        "issuer_mark": f"{head.issuer}文件",
        "number": paper.number,
        "signer": head.issuer,
        "issued_on": on,
        "printed_by": head.office,
        "printed_on": on,
        "footnotes": (f"数据摘要 {paper.data_digest[:16]}",),
    }
    return model.Paper(**(frame | given))
