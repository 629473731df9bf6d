"""Rules that do not look at what is reviewed: sanctions, an open exit, a pause, no confirmation, served enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count

from keji.kernel.parties.standings import blocked_people
from keji.lib.draw import State
from keji.lib.figures import plain_date
from keji.modules.experts.avoidance.base import Case, Found, rule
from keji.modules.experts.models import ExitCase, Use


@rule("restricted", "限制评审", State.RESTRICTED)
def restricted(case: Case) -> Iterator[Found]:
    """In a restriction window on the review day, both days included."""
    for person, (standing, sentence) in blocked_people("review", case.on).items():
        if side := case.by_person.get(person):
            yield side.key, f"信用状态 {standing}", sentence


@rule("leaving", "出库办理中", State.RESTRICTED)
def leaving(case: Case) -> Iterator[Found]:
    cases = ExitCase.objects.filter(state__in=["proposed", "notified", "appealed"])
    for row in cases:
        yield row.expert_id, row.number, f"{row.get_ground_display()}，正在办理出库（{row.number}）"


@rule("paused", "暂停抽取", State.RESTING)
def paused(case: Case) -> Iterator[Found]:
    for side in case.experts.values():
        if side.paused:
            yield side.key, side.number, "已暂停抽取"


@rule("unconfirmed", "未作年度确认", State.RESTING)
def unconfirmed(case: Case) -> Iterator[Found]:
    """The yearly confirmation must still hold on the review day."""
    for side in case.experts.values():
        if side.confirmed_until is None:
            yield side.key, side.number, "从未确认过本人信息"
        elif side.confirmed_until < case.on:
            yield side.key, side.number, f"信息确认已于{plain_date(side.confirmed_until)}到期"


@rule("rotation", "本年评审次数已满", State.RESTING)
def rotation(case: Case) -> Iterator[Found]:
    """Served as often this calendar year as one may."""
    year = case.on.year
    uses = Use.objects.filter(on__gte=date(year, 1, 1), on__lte=date(year, 12, 31))
    for row in uses.values("expert").annotate(n=Count("pk")).filter(n__gte=case.rotation_cap).order_by("expert"):
        sentence = f"{year}年已参加 {row['n']} 次评审，上限 {case.rotation_cap} 次"
        yield row["expert"], f"{year}年使用记录", sentence
