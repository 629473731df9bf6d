"""关联记录 on a record's page, in both directions.

A reader is shown the other end only when they may read it, or when it is a public notice that everybody may read:
of what one may not see, not even the number tells that it exists. Who writes a record adds and takes off its links;
links that others point at it are theirs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keji.desk.desk import Desk, desk_of, desks
from keji.desk.guard import actor_of, found_or_404
from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.links import RELATIONS, drop_refusal, link, link_refusal, unlink
from keji.kernel.records.models import Link
from keji.kernel.records.notices import PublicNotice

SHOWN = 50  # a notice may concern thousands of records; its table lists them all


def links_of(actor: Actor, record: Any) -> dict[str, Any] | None:
    """What the 关联记录 card shows; None for records without a number."""
    number = getattr(record, "number", "")
    desk = desk_of(type(record))
    if not number or desk is None:
        return None
    every = Link.objects.filter(Q(source_number=number) | Q(target_number=number)).order_by("-at", "pk")
    rows = list(every[: SHOWN + 1])
    may_write = not link_refusal(record, actor)
    known = titles(actor, [_other(row, number) for row in rows[:SHOWN]])
    base = f"{desk.record_url(record)}/links"
    shown = []
    for row in rows[:SHOWN]:
        other = _other(row, number)
        if other in known:
            title, url = known[other]
            outgoing = row.source_number == number
            shown.append(
                {
                    "relation": row.relation,
                    "incoming": not outgoing,
                    "number": other,
                    "title": title,
                    "url": url,
                    "drop_url": f"{base}/{row.pk}/drop" if may_write and outgoing and not drop_refusal(row) else "",
                }
            )
    more = every.count() - SHOWN if len(rows) > SHOWN else 0
    return {"rows": shown, "more": more, "may_add": may_write, "add_url": base, "relations": RELATIONS}


def _other(row: Link, number: str) -> str:
    return row.target_number if row.source_number == number else row.source_number


def titles(actor: Actor, numbers: list[str]) -> dict[str, tuple[str, str]]:
    """{number: (title, address)} of those the actor may read; one query per kind of record."""
    by_prefix: dict[str, list[str]] = defaultdict(list)
    for number in numbers:
        by_prefix[number.split("-", 1)[0]].append(number)
    found: dict[str, tuple[str, str]] = {}
    for desk in desks().values():
        wanted = by_prefix.get(getattr(desk.model, "prefix", ""), [])
        if wanted and actor.has(*desk.readers):
            for record in desk.records(actor).filter(number__in=wanted):
                found[record.number] = (str(record), desk.record_url(record))
    hidden = [n for n in by_prefix.get(PublicNotice.prefix, []) if n not in found]
    for notice in PublicNotice.objects.shown().filter(number__in=hidden):
        found[notice.number] = (notice.title, notice.public_url())
    return found


@require_POST
def add(request: HttpRequest, desk: Desk, pk: str) -> HttpResponse:
    """Point this record at another one the writer may see."""
    actor, record = actor_of(request), found_or_404(request, desk, pk)
    if why := link_refusal(record, actor):
        raise PermissionDenied(why + "。")
    number = request.POST.get("number", "").replace("\0", "").strip().upper()
    relation = request.POST.get("relation", "")
    target = seen(actor, number)
    try:
        if relation not in RELATIONS:
            raise Refused("请选择关系")
        if target is None:
            raise Refused(f"没有编号为“{number[:24]}”的记录，或者它不在您的查看范围内")
        link(record, target, relation, actor=actor, at=clock.now())
        messages.success(request, f"已关联 {target.number}。")
    except Refused as why:
        messages.error(request, f"没有关联：{why}。")
    return redirect(desk.record_url(record) + "#links")


def seen(actor: Actor, number: str) -> Any:
    """The record with this number, if the actor may read it."""
    prefix = number.split("-", 1)[0]
    for desk in desks().values():
        if getattr(desk.model, "prefix", "") == prefix and actor.has(*desk.readers):
            return desk.records(actor).filter(number=number).first()
    return None


@require_POST
def drop(request: HttpRequest, desk: Desk, pk: str, row: int) -> HttpResponse:
    """Take a link of this record away."""
    record = found_or_404(request, desk, pk)
    if why := link_refusal(record, actor_of(request)):
        raise PermissionDenied(why + "。")
    found = Link.objects.filter(pk=row, source_number=getattr(record, "number", None)).first()
    if found is None:
        raise Http404("没有这条关联，可能已经去掉。")
    try:
        unlink(found, actor=actor_of(request), at=clock.now())
        messages.success(request, f"已去掉与 {found.target_number} 的关联。")
    except Refused as why:
        messages.error(request, f"没有去掉：{why}。")
    return redirect(desk.record_url(record) + "#links")
