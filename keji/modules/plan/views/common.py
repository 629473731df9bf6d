"""What the pages of the plan share: which plan is shown, who reads it, and how a refusal is told."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest

from keji.kernel import clock
from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.lib.figures import Period
from keji.modules.plan.models import Plan, PlanTarget
from keji.modules.plan.services.periods import month_of, months_of

READERS = (*sorted(BUREAU), Role.INSPECTOR, Role.COUNTY)


def years() -> list[int]:
    """Years that have a plan in force, the latest first."""
    found = Plan.objects.filter(state=Plan.State.ADOPTED).order_by("-year").values_list("year", flat=True)
    return list(dict.fromkeys(found))


def current_plan(on: date, year: str = "") -> Plan | None:
    """The plan in force of a year asked for, of this year, or the latest there is."""
    adopted = Plan.objects.filter(state=Plan.State.ADOPTED)
    wanted = int(year) if year.isdecimal() and len(year) == 4 else on.year
    return adopted.filter(year=wanted).first() or (None if year else adopted.order_by("-year").first())


def month_asked(request: HttpRequest, plan: Plan) -> Period | None:
    """The month whose frozen figures are wanted; None for today's."""
    text = request.GET.get("period", "")
    if not text:
        return None
    try:
        found = month_of(text)
    except ValueError:
        raise Http404("没有这个月份，月份请写成 2024-03 这样。") from None
    if found.year != plan.year or found.start > clock.today():
        raise Http404(f"这份工作要点没有{found.label}的数。")
    return found


def month_choices(plan: Plan, on: date) -> list[Period]:
    """Months that can be looked back at, the latest first."""
    return [m for m in reversed(months_of(plan.year, on)) if m.end < on]


def tracked_or_404(pk: int) -> PlanTarget:
    found = PlanTarget.objects.filter(pk=pk, dropped=False, merged_into__isnull=True)
    target = found.select_related("plan", "section", "item__parent__parent").first()
    if target is None:
        raise Http404("没有这个目标，或者它已经不再跟踪。")
    return target


def sees_all_counties(actor: Actor) -> bool:
    """A county sees its own share and figures; the bureau and the inspector see everybody's."""
    return actor.has(Role.LEADER, Role.OFFICER, Role.INSPECTOR)
