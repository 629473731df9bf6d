"""What the discipline inspector sees first: draws that wait for a witness, and how those of the year were witnessed."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, Q, When

from keji.lib.figures import plain_date
from keji.modules.experts.desks import DrawDesk
from keji.modules.experts.models import Draw, WitnessNote

LIST = "/d/expert-draws/"
SHOWN = 8
COLUMNS = ("评审事项", "评审日期", "状态", "监督人", "签名", "监督记录")


def since(year: int) -> Any:
    """Draws for reviews of this year and later: one for January is drawn in December."""
    return Draw.objects.filter(review_on__year__gte=year)


def draw_counts(year: int) -> list[dict[str, Any]]:
    """Figures of the year's draws, each a link to the draws it counts."""
    rows = since(year)
    signed = Q(observations__kind=WitnessNote.Kind.SIGN)
    unsigned = rows.filter(state__in=("sealed", "opened", "closed")).exclude(signed).distinct()
    found = [
        {"label": label, "value": rows.filter(state=state).count(), "url": f"{LIST}?state={state}", "note": note}
        for label, state, note in (
            ("等监督人见证", "frozen", "专家库已冻结"),
            ("封存中", "sealed", "评审日启封"),
            ("取消的抽取", "cancelled", "原因一直可查"),
        )
    ]
    note = "见证后没有签名"
    found.insert(2, {"label": "没有签名", "value": unsigned.count(), "url": "#draws", "note": note})
    return [f | {"url": f["url"] if f["value"] else ""} for f in found]


def draw_rows(year: int) -> list[dict[str, Any]]:
    """Draws of the year as rows of a table under COLUMNS: what was not signed for comes first, then the latest."""
    draws = (
        since(year)
        .select_related("result__witness")
        .annotate(
            signatures=Count("observations", filter=Q(observations__kind=WitnessNote.Kind.SIGN)),
            notes=Count("observations", filter=~Q(observations__kind=WitnessNote.Kind.SIGN)),
        )
        .annotate(owed=Case(When(result__isnull=False, signatures=0, then=0), default=1))
        .order_by("owed", "-review_on", "-pk")[:SHOWN]
    )
    return [{"url": f"/experts/draws/{draw.pk}", "cells": _cells(draw)} for draw in draws]


def _cells(draw: Any) -> list[dict[str, Any]]:
    result = getattr(draw, "result", None)
    witness = result.witness.name if result and result.witness else "—"
    return [
        {"value": draw.title, "sub": draw.number},
        {"value": plain_date(draw.review_on)},
        {"value": draw.get_state_display(), "badge": DrawDesk.tones[draw.state]},
        {"value": witness},
        {"value": "已签" if draw.signatures else "未签" if result else "—"},
        {"value": draw.notes, "number": True, "align": "end"},
    ]
