"""Which issued papers everybody may read on the public pages."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.models import Paper
from keji.kernel.people.roles import BUREAU, Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole


def open_papers() -> QuerySet[Paper]:
    """Issued and marked public, newest first."""
    return Paper.objects.filter(state=Paper.State.ISSUED, public_since__isnull=False).order_by("-issued_on", "-pk")


def opening_refusal(paper: Paper, actor: Actor) -> str:
    """Why `actor` may not say whether the public reads this paper; "" when they may."""
    if not actor.has(*BUREAU):
        return "公文是否对外公开由市局决定"
    return "" if paper.state == Paper.State.ISSUED else "没有印发的公文不能对外公开"


def open_to_public(paper: Paper, *, actor: Actor, at: datetime) -> Paper:
    """Let everybody read an issued paper. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
        if why := opening_refusal(fresh, actor):
            raise Refused(why)
        if fresh.public_since is None:
            fresh.public_since = day_of(at)
            fresh.save(update_fields=["public_since"])
            log("公文对外公开", fresh, {"public_since": [None, fresh.public_since]})
    return fresh


def close_to_public(paper: Paper, *, reason: str, actor: Actor, at: datetime) -> Paper:
    """Take a paper off the public pages, with the reason on the log. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
        if why := opening_refusal(fresh, actor):
            raise Refused(why)
        if not reason.strip():
            raise Refused("停止公开需要写明理由")
        reason = whole(reason, 300, "理由")
        if fresh.public_since is not None:
            before, fresh.public_since = fresh.public_since, None
            fresh.save(update_fields=["public_since"])
            log("公文停止公开", fresh, {"public_since": [before, None]}, reason=reason)
    return fresh
