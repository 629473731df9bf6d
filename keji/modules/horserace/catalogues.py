"""What everybody may look up of the horse race: the published ranking."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.desk.catalogue import PublicCatalogue, open_catalogue
from keji.modules.horserace.models import RunPlace


@open_catalogue
class RaceCatalogue(PublicCatalogue):
    name, title, icon = "race", "县区科技创新赛马名次", "trophy"
    intro = "已公布的月度、季度赛马名次。同一期有更正的，只列更正后的名次；换用其他合理算法时名次可能在所列区间内变动。"
    columns = ("period_label", "region", "place", "change", "low", "high")
    related = ("run", "region")
    order = ("-run__period", "order")

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return RunPlace.objects.filter(run__state="published", run__published_on__lte=on)
