"""One target: its figures, trend, counties, forecast, why it changed, its words in the plan, and filed progress."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor, Role
from keji.lib.figures import Period, format_number
from keji.modules.plan.curves import curve_text
from keji.modules.plan.forms_track import ProgressForm
from keji.modules.plan.models import PlanTarget, TargetProgress
from keji.modules.plan.phrases import wanted
from keji.modules.plan.services.change import counted_of, why_changed
from keji.modules.plan.services.periods import month_of, months_of
from keji.modules.plan.services.progress import (
    confirm_progress,
    confirming_refusal,
    file_progress,
    filing_refusal,
)
from keji.modules.plan.services.track import TargetLine, shown, track
from keji.modules.plan.views import charts
from keji.modules.plan.views.common import READERS, month_asked, month_choices, sees_all_counties, tracked_or_404


@page(*READERS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, on = actor_of(request), clock.today()
    target = tracked_or_404(pk)
    period = month_asked(request, target.plan)
    [line] = track(target.plan, on=on, period=period, targets=[target])
    all_counties = sees_all_counties(actor)
    counties = [c for c in line.counties if all_counties or c.region.code in actor.regions]
    context = {
        "page_title": target.subject,
        "page_subtitle": f"{line.wanted} · {target.plan.title}",
        "crumbs": [("目标跟踪", "/plan/"), (target.subject, "")],
        "target": target,
        "line": line,
        "period": period,
        "months": month_choices(target.plan, on),
        "facts": facts(line),
        "trend": charts.trend(line, on=on, period=period),
        "county_rows": [county_row(line, c, period) for c in counties],
        "county_map": charts.county_map(line, period) if all_counties and line.counties else None,
        "county_bars": charts.county_bars(line) if all_counties and line.counties else None,
        "bridge": bridge_of(target, actor, period, on),
        "places": places(target),
        "records_url": records_url(target, None, period) if counted_of(target) and all_counties else "",
        "progress": progress_rows(target, actor),
        "filing_refusal": filing_refusal(target, own_region(actor), actor),
        "counted": target.basis == PlanTarget.Basis.INDICATOR,
        "all_counties": all_counties,
    }
    return render(request, "plan/target.html", context)


def own_region(actor: Actor) -> Region:
    """The region an actor files for: their county, else the city."""
    mine = Region.objects.filter(pk__in=actor.regions).first() if not sees_all_counties(actor) else None
    return mine or Region.objects.get(level=Region.Level.CITY)


def records_url(
    target: PlanTarget, region: Region | None, period: Period | None, reason: str = "", way: str = ""
) -> str:
    asked = {
        "region": region.code if region else "",
        "period": str(period) if period else "",
        "reason": reason,
        "way": way,
    }
    query = urlencode({k: v for k, v in asked.items() if v})
    return f"{target.get_absolute_url()}/records" + (f"?{query}" if query else "")


def facts(line: TargetLine) -> list[dict[str, Any]]:
    """How the figure is made and who answers for it."""
    target, indicator, figure = line.target, line.indicator, line.figure
    found: list[dict[str, Any]] = [
        {"label": "目标值", "value": line.wanted},
        {"label": "完成时限", "value": f"{target.due_on:%Y-%m-%d}"},
        {"label": "取数方式", "value": target.get_basis_display()},
        {"label": "牵头科室", "value": str(target.section or "")},
        {"label": "进度判断", "value": curve_text(line.curve), "wide": True},
    ]
    if line.base is not None:
        found.append({"label": "上年基数", "value": format_number(line.base, line.unit)})
    if figure.as_of:
        found.append({"label": "数据截至", "value": f"{figure.as_of:%Y-%m-%d}", "note": figure.source})
    if figure.reported_rate is not None or figure.computed_rate is not None:
        note = "两者不一致，请与数据提供部门核对；判断进度用计算增速" if figure.rates_differ else ""
        found.append({"label": "部门公布增速", "value": format_number(figure.reported_rate, "%", places=2)})
        found.append(
            {"label": "按填报数计算", "value": format_number(figure.computed_rate, "%", places=2), "note": note}
        )
    if indicator:
        found.append({"label": "统计口径", "value": indicator.caliber(), "wide": True})
        if indicator.lag:
            found.append(
                {"label": "数据滞后", "value": indicator.lag, "note": f"{indicator.owner}，{indicator.rhythm}"}
            )
    return found


def county_row(line: TargetLine, county: Any, period: Period | None) -> dict[str, Any]:
    value = shown(county.figure, line.unit, line.target.op, None, line.indicator)
    url = records_url(line.target, county.region, period) if counted_of(line.target) else ""
    return {"county": county, "value": value, "url": url}


def places(target: PlanTarget) -> list[dict[str, Any]]:
    """Its sentences in the plan, the figure's own words marked."""
    found = []
    lines = target.plan.lines
    for place in target.places:
        number = int(place.get("line", 0))
        text = lines[number - 1] if 0 < number <= len(lines) else place.get("text", "")
        words = place.get("text", "")
        before, _, after = text.partition(words) if words else (text, "", "")
        found.append(
            {
                "line": number,
                "before": ("…" if len(before) > 60 else "") + before[-60:],
                "words": words,
                "after": after[:60] + ("…" if len(after) > 60 else ""),
                "clause": " ".join(place.get("clause") or []),
            }
        )
    return found


def bridge_of(target: PlanTarget, actor: Actor, period: Period | None, on: Any) -> dict[str, Any] | None:
    """The waterfall of the region the reader answers for: the city, or a county's own."""
    indicator = counted_of(target)
    if indicator is None:
        return None
    region = own_region(actor)
    change = why_changed(target, region, period, on=on)
    if change is not None and period is None and not change.bridge.parts:
        # Nothing moved since the last frozen month: what moved in that month says more.
        latest = change.before.period
        change, period = why_changed(target, region, latest, on=on) or change, latest
    if change is None:
        return None
    earlier = change.before.period
    steps = [
        {
            "label": part.reason,
            "value": part.change,
            "url": records_url(target, region, period, part.reason, "in" if part.change > 0 else "out")
            if part.ids
            else "",
            "note": f"{len(part.ids)} 条记录" if part.ids else "",
        }
        for part in change.bridge.parts
    ]
    end = {"label": period.label if period else "现在", "value": change.bridge.closing}
    return {
        "name": "bridge",
        "title": f"{period.label}较上月为什么变化" if period else f"较{earlier.label}为什么变化",
        "note": region.name,
        "sentence": change.bridge.sentence(indicator.unit),
        "spec": {
            "unit": indicator.unit,
            "start": {
                "label": f"{earlier.label}定格",
                "value": change.bridge.opening,
                "url": records_url(target, region, earlier),
            },
            "steps": steps,
            "end": end | {"url": records_url(target, region, period)},
        },
    }


def progress_rows(target: PlanTarget, actor: Actor) -> list[dict[str, Any]]:
    rows = TargetProgress.objects.filter(target=target).select_related("region")
    if not sees_all_counties(actor):
        rows = rows.filter(region_id__in=actor.regions)
    return [{"row": row, "refusal": confirming_refusal(row, actor)} for row in rows[:24]]


@page(Role.OFFICER, Role.COUNTY)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the progress of a target no indicator counts."""
    actor, on = actor_of(request), clock.today()
    target = tracked_or_404(pk)
    region = own_region(actor)
    if why := filing_refusal(target, region, actor):
        raise PermissionDenied(f"{why}。")
    regions = Region.objects.filter(pk=region.pk)
    if target.by_county and sees_all_counties(actor):
        regions = Region.objects.all()
    months = list(reversed(months_of(target.plan.year, on)))
    form = ProgressForm(
        request.POST or None,
        target=target,
        regions=regions,
        months=months,
        initial={"region": region.pk, "period": str(months[0]) if months else ""},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = attempt(
            request,
            lambda: file_progress(
                target,
                values["region"],
                month_of(values["period"]),
                value=values.get("value"),
                done=values.get("done", False),
                done_on=values.get("done_on"),
                evidence=values["evidence"],
                actor=actor,
                at=clock.now(),
            ),
            "已填报，经另一人确认后计入跟踪。",
        )
        if done:
            return redirect(target.get_absolute_url() + "#progress")
    context = {
        "page_title": "填报进展",
        "page_subtitle": f"{target.subject}：{wanted(target)}",
        "crumbs": [("目标跟踪", "/plan/"), (target.subject, target.get_absolute_url()), ("填报进展", "")],
        "form": form,
        "submit_label": "提交",
        "cancel_url": target.get_absolute_url(),
    }
    return render(request, "desk/form.html", context)


@page(Role.OFFICER, Role.LEADER)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    row = TargetProgress.objects.filter(pk=pk).select_related("target").first()
    if row is None:
        raise Http404("没有这条进展。")
    attempt(
        request, lambda: confirm_progress(row, actor=actor_of(request), at=clock.now()), "已确认，从现在起计入跟踪。"
    )
    return redirect(row.target.get_absolute_url() + "#progress")
