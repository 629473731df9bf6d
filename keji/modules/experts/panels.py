"""Parts of an expert's page: how they did, what they declared, where they worked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.lib.figures import to_decimal
from keji.modules.experts.models import Expert, Tie
from keji.modules.experts.services.credit import average
from keji.modules.experts.services.entry import entry_problems
from keji.modules.experts.services.numbers import number
from keji.modules.experts.views.common import heads

SHOWN = 30


def uses_panel(request: HttpRequest, record: Expert) -> dict[str, Any]:
    """Uses of opened draws only: a sealed panel leaves no trace here."""
    uses = list(record.uses.select_related("draw")[:SHOWN])
    today = clock.today()
    this_year = sum(u.on.year == today.year for u in uses)
    mean = average(uses)
    return {
        "columns": heads("评审日期", "评审事项", ">及时", ">独立", ">质量", ">保密", "评价人"),
        "rows": [
            {
                "url": f"/r/{u.draw.number}" if u.draw and u.draw.number else "",
                "cells": [
                    {"value": u.on},
                    {"value": u.task},
                    *({"value": m, "number": True, "align": "end"} for m in u.marks),
                    {"value": u.marked_by or "待评价"},
                ],
            }
            for u in uses
        ],
        "this_year": this_year,
        "cap": number("experts.rotation_cap", today),
        "mean": None if mean is None else to_decimal(mean, 2),
        "problems": entry_problems(record, today) if record.state == Expert.State.APPLIED else [],
    }


def ties_panel(request: HttpRequest, record: Expert) -> dict[str, Any]:
    """Families by number only: what is declared of them serves avoidance, nobody reads it."""
    ties = [t for t in record.ties.filter(withdrawn_at=None) if t.kind != Tie.Kind.KIN]
    return {
        "kin": record.ties.filter(withdrawn_at=None, kind=Tie.Kind.KIN).count(),
        "columns": heads("关系", "对方", "单位", "日期", "来源"),
        "rows": [
            {
                "cells": [
                    {"value": t.get_kind_display()},
                    {"value": t.whom},
                    {"value": t.unit},
                    {"value": t.until_on or t.on},
                    {"value": t.get_origin_display()},
                ]
            }
            for t in ties[:SHOWN]
        ],
        "own": Role.EXPERT in request.actor.roles,  # type: ignore[attr-defined]
    }


def history_panel(request: HttpRequest, record: Expert) -> dict[str, Any]:
    return {
        "columns": heads("单位", "职务", "自", "至"),
        "rows": [
            {
                "cells": [
                    {"value": e.employer, "sub": "" if e.party_id else "未匹配到名册"},
                    {"value": e.post},
                    {"value": e.from_on},
                    {"value": e.until_on or "至今"},
                ]
            }
            for e in record.employments.all()
        ],
    }
