"""Freezing a month: what would be written, what is missing, and what has been frozen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keji.desk.acts import attempt
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.indicators.models import Reading
from keji.kernel.people.roles import BUREAU, Role
from keji.lib.figures import Period, format_number
from keji.modules.plan.services import months
from keji.modules.plan.services.periods import last_full_month, month_of

SHOWN = 200


@page(*sorted(BUREAU), Role.INSPECTOR)
def page_of_months(request: HttpRequest) -> HttpResponse:
    """Choose a month, see what freezing it would do, and do it."""
    actor, on = actor_of(request), clock.today()
    asked = request.POST.get("period") or request.GET.get("period") or str(last_full_month(on))
    try:
        period = month_of(asked)
    except ValueError:
        period = last_full_month(on)
    if request.method == "POST":
        attempt(
            request,
            lambda: months.freeze_month(period, actor=actor, at=clock.now(), note=request.POST.get("note", "")),
            lambda n: (
                f"已定格{period.label}，写入 {n} 个数。" if n else f"{period.label}与已定格的完全一致，没有写入。"
            ),
        )
        return redirect(f"/plan/freeze?period={period}")
    refusal = months.month_refusal(period, on)
    found = None if refusal else months.preview(period)
    context: dict[str, Any] = {
        "page_title": "月度定格",
        "page_subtitle": "定格后，月通报和县区排名都以定格数为准；更正会另存新版，原数保留。",
        "crumbs": [("目标跟踪", "/plan/"), ("月度定格", "")],
        "period": period,
        "choices": choices(on),
        "refusal": refusal,
        "preview": found,
        "groups": grouped(found) if found else [],
        "frozen": months.frozen_months(),
        "corrected": list(months.corrected(period)[:SHOWN]),
        "may_freeze": actor.has(Role.OFFICER),
    }
    return render(request, "plan/freeze.html", context)


def choices(on: Any) -> list[Period]:
    """The last eighteen months that have ended."""
    last = last_full_month(on)
    return [Period.at_month_index(last.month_index - n) for n in range(18)]


def grouped(found: months.Preview) -> list[dict[str, Any]]:
    """Differences by indicator: the city's line, then how many counties differ."""
    groups: dict[str, dict[str, Any]] = {}
    for difference in found.differences:
        code = difference.indicator.code
        group = groups.setdefault(code, {"indicator": difference.indicator, "rows": []})
        group["rows"].append(
            {
                "region": difference.region,
                "city": difference.region.level == "city",
                "before": said(difference.before, difference.indicator),
                "after": said(difference.after, difference.indicator),
                "came": difference.came,
                "went": difference.went,
                "correction": difference.before is not None,
            }
        )
    for group in groups.values():
        group["rows"].sort(key=lambda r: (not r["city"], r["region"].order))
    return list(groups.values())


def said(reading: Reading | None, indicator: Any) -> str:
    if reading is None:
        return "未定格"
    if reading.value is None:
        return reading.get_empty_display()
    return format_number(reading.value, indicator.unit)
