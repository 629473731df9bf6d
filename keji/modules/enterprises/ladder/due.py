"""应评未评、达标未报: who could apply, minus who holds the title, minus who applied, minus who said why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, QuerySet, Subquery, Value, When

from keji.kernel.audit.unchanged import while_unchanged
from keji.modules.enterprises.ladder.campaign_models import APPLIED, Application
from keji.modules.enterprises.ladder.holders import held
from keji.modules.enterprises.ladder.models import CultivationEntry, Prospect, Rung, Waiver

PARTY = "assessment__party"
ELIGIBLE = (Prospect.Kind.READY, Prospect.Kind.EXPERTS)
#: Where a firm that could apply stands, from done to not begun. 应评未评 are the last three.
STANDINGS = {
    "held": "已持证（已入库）",
    "applied": "已申报",
    "waived": "已说明并认可",
    "waiting": "说明待认可",
    "assigned": "已交办",
    "idle": "未交办",
}
LEFT = ("waiting", "assigned", "idle")
NAMES = {Rung.TECH_SME: "应评未评", Rung.HNTE: "达标未报"}


def eligible(rung: str) -> QuerySet[Any]:
    return Prospect.objects.filter(rule=rung, kind__in=ELIGIBLE)


def with_standing(rows: QuerySet[Any], rung: str, on: date) -> QuerySet[Any]:
    """Prospects with `standing`, a key of STANDINGS."""
    party = OuterRef(PARTY)
    year = {"party": party, "year": on.year, "rung": rung}
    applied = Application.objects.filter(party=party, campaign__rung=rung, campaign__year=on.year, state__in=APPLIED)
    waivers = Waiver.objects.filter(**year)
    given = CultivationEntry.objects.filter(**year, state__in=("cultivating", "applied"))
    return rows.annotate(
        standing=Case(
            When(held(rung, on, PARTY), then=Value("held")),
            When(Exists(applied), then=Value("applied")),
            When(Exists(waivers.filter(state="accepted")), then=Value("waived")),
            When(Exists(waivers.filter(state="proposed")), then=Value("waiting")),
            When(Exists(given), then=Value("assigned")),
            default=Value("idle"),
            output_field=CharField(),
        )
    )


def with_owner(rows: QuerySet[Any], rung: str, year: int) -> QuerySet[Any]:
    """The person a firm was handed to this year, and the entry it is on."""
    entries = CultivationEntry.objects.filter(party=OuterRef(PARTY), rung=rung, year=year).exclude(state="dropped")
    return rows.annotate(
        owner_name=Subquery(entries.values("owner__name")[:1]), entry_id=Subquery(entries.values("pk")[:1])
    )


@while_unchanged(16)
def counts(rung: str, on: date) -> Mapping[tuple[str, str], int]:
    """{(region, standing): firms}."""
    rows = with_standing(eligible(rung), rung, on).order_by().values_list("region_id", "standing")
    return {(region, standing): n for region, standing, n in rows.annotate(n=Count("pk"))}


def left(rung: str, on: date) -> QuerySet[Any]:
    """Those still to be cleared: could apply and nothing has been said or done that settles it."""
    return with_standing(eligible(rung), rung, on).filter(standing__in=LEFT)
