"""The desk of targets: the tracker is where people look; this is the plain list to search, export and exchange."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from keji.desk.desk import Desk, register
from keji.kernel.indicators.models import Reading
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor
from keji.modules.plan.models import PlanTarget, TargetProgress


@register
class PlanTargetDesk(Desk):
    name, model, group, icon = "targets", PlanTarget, "", "target"
    intro = "执行中的工作要点里跟踪的目标，和每个目标最近一期定格、确认的全市完成数。"
    columns = ("subject", "asks", "figure", "figure_unit", "figure_period", "due_on", "section")
    search = ("subject",)
    filters = ("section", "basis")
    facts = (
        ("目标", ("subject", "asks", "due_on", "optional", "section", "plan")),
        ("数值", ("op", "value", "value2", "unit", "base", "basis", "indicator")),
        ("进展", ("figure", "figure_unit", "figure_period")),
    )
    related = ("section", "plan")
    attachments, newest_first = False, False
    empty = "工作要点采用后，其中的目标会出现在这里。"

    def records(self, actor: Actor) -> QuerySet[Any]:
        """Tracked targets of the plan in force, each with its newest figure: frozen, or filed and confirmed."""
        city = Region.objects.filter(level=Region.Level.CITY).values("pk")
        frozen = Reading.objects.filter(indicator=OuterRef("indicator"), region__in=city, current=True)
        frozen = frozen.filter(value__isnull=False).exclude(indicator="").order_by("-as_of")
        filed = TargetProgress.objects.filter(target=OuterRef("pk"), region__in=city, confirmed_at__isnull=False)
        filed = filed.filter(Q(value__isnull=False) | Q(done=True)).order_by("-period")
        rows = super().records(actor)
        rows = rows.filter(plan__state="adopted", dropped=False, merged_into__isnull=True)
        return rows.annotate(
            frozen_value=Subquery(frozen.values("value")[:1]),
            frozen_period=Subquery(frozen.values("period")[:1]),
            filed_value=Subquery(filed.values("value")[:1]),
            filed_done=Subquery(filed.values("done")[:1]),
            filed_period=Subquery(filed.values("period")[:1]),
        )

    def record_url(self, record: Any) -> str:
        return str(record.get_absolute_url())
