"""应评未评、达标未报: who could apply, minus who holds the title, minus who applied, minus who said why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from keji.kernel.audit.unchanged import while_unchanged
from keji.modules.enterprises.ladder.campaign_models import APPLIED, Application
from keji.modules.enterprises.ladder.holders import holding
from keji.modules.enterprises.ladder.models import CultivationEntry, Prospect, Rung, Waiver
from keji.modules.enterprises.ladder.reading import MOST

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


def with_standing(rows: QuerySet[Any], rung: str, on: date, *, few: bool = False) -> QuerySet[Any]:
    """Prospects with `standing`, a key of STANDINGS. `few`: for a page of rows, each asked by itself."""
    # Sets of firms, each found once for the whole list: asking row by row takes seconds at 100,000 firms.
    year = {"year": on.year, "rung": rung}
    applied = Application.objects.filter(campaign__rung=rung, campaign__year=on.year, state__in=APPLIED)
    waivers = Waiver.objects.filter(**year)
    given = CultivationEntry.objects.filter(**year, state__in=("cultivating", "applied"))

    def among(rows: QuerySet[Any]) -> Q | Exists:
        return Exists(rows.filter(party=OuterRef("party"))) if few else Q(party__in=rows.order_by().values("party"))

    return rows.annotate(
        standing=Case(
            When(among(holding(rung, on)), then=Value("held")),
            When(among(applied), then=Value("applied")),
            When(among(waivers.filter(state="accepted")), then=Value("waived")),
            When(among(waivers.filter(state="proposed")), then=Value("waiting")),
            When(among(given), then=Value("assigned")),
            default=Value("idle"),
            output_field=CharField(),
        )
    )


def with_owner(rows: QuerySet[Any], rung: str, year: int) -> QuerySet[Any]:
    """The person a firm was handed to this year, and the entry it is on."""
    entries = CultivationEntry.objects.filter(party=OuterRef("party"), rung=rung, year=year).exclude(state="dropped")
    return rows.annotate(
        owner_name=Subquery(entries.values("owner__name")[:1]), entry_id=Subquery(entries.values("pk")[:1])
    )


@while_unchanged(16)
def counts(rung: str, on: date) -> Mapping[tuple[str, str], int]:
    """{(region, standing): firms}."""
    # Who holds the title and who has not begun are many, but both follow from who could apply and who is free; only
    # the few with an application, a reason or a helper are asked for one by one.
    found = Counter(_standing_of_few(rung, on))
    free_firms = left_counts(rung, on)
    for region, all_firms in could_apply(rung).items():
        few = {standing: found[region, standing] for standing in ("applied", "waived", "waiting", "assigned")}
        found[region, "held"] = all_firms - free_firms[region] - few["applied"] - few["waived"]
        found[region, "idle"] = free_firms[region] - few["waiting"] - few["assigned"]
    return {key: n for key, n in found.items() if n}


@while_unchanged(8)
def could_apply(rung: str) -> Mapping[str, int]:
    """{region: firms}; asked by kind and condition too, which is the order of the index."""
    rows = eligible(rung).order_by().values_list("kind", "key", "region_id").annotate(n=Count("pk"))
    found: Counter[str] = Counter()
    for _, _, region, n in rows:
        found[region] += n
    return found


def left_counts(rung: str, on: date) -> Counter[str]:
    """{region: firms still to be cleared}, the sum of `left`."""
    found: Counter[str] = Counter()
    for (region, kind, _, _), n in _free_by_region(rung, on).items():
        if kind in ELIGIBLE:
            found[region] += n
    return found


def _standing_of_few(rung: str, on: date) -> Mapping[tuple[str, str], int]:
    """{(region, standing): firms} of those with an application, a reason or a helper."""
    year = {"year": on.year, "rung": rung}
    applied = Application.objects.filter(campaign__rung=rung, campaign__year=on.year, state__in=APPLIED)
    given = CultivationEntry.objects.filter(**year, state__in=("cultivating", "applied"))
    named = [rows.order_by().values("party") for rows in (applied, Waiver.objects.filter(**year), given)]
    rows = with_standing(eligible(rung).filter(party__in=named[0].union(*named[1:])), rung, on, few=True)
    told = rows.order_by().values_list("region_id", "standing").annotate(n=Count("pk"))
    return {(region, standing): n for region, standing, n in told if standing in ("applied", "waived", *LEFT[:2])}


def left(rung: str, on: date) -> QuerySet[Any]:
    """Those still to be cleared: could apply and nothing has been said or done that settles it."""
    return with_standing(free(eligible(rung), rung, on), rung, on)


FREE = LEFT


def free(rows: QuerySet[Any], rung: str, on: date) -> QuerySet[Any]:
    """Of these prospects those of FREE: who neither hold the title nor applied nor gave a reason that was accepted."""
    applied = Application.objects.filter(campaign__rung=rung, campaign__year=on.year, state__in=APPLIED)
    accepted = Waiver.objects.filter(year=on.year, rung=rung, state="accepted")
    settled = [firms.order_by().values("party") for firms in (holding(rung, on), applied, accepted)]
    return rows.exclude(party__in=settled[0].union(*settled[1:], all=True))  # one set: three cost each row three looks


def free_counts(rung: str, on: date, region: str) -> Mapping[tuple[str, str, str], int]:
    """{(kind, condition, its name): firms} of those who neither hold the title nor applied nor said why not."""
    found: Counter[tuple[str, str, str]] = Counter()
    for (place, kind, key, label), n in _free_by_region(rung, on).items():
        if region in ("", place):
            found[kind, key, label] += n
    return found


@while_unchanged(16)
def _free_by_region(rung: str, on: date) -> Mapping[tuple[str, str, str, str], int]:
    """{(region, kind, condition, its name): firms}: one question for the board, the lists and the tracker."""
    rows = free(Prospect.objects.filter(rule=rung), rung, on)
    # Names are read of one row each: grouping by them would fetch every row from the table.
    counted = list(rows.order_by().values_list("kind", "key", "region_id").annotate(n=Count("pk"), newest=Max("pk")))
    names = dict(Prospect.objects.filter(pk__in=[pk for *_, pk in counted]).values_list("pk", "label"))
    found: Counter[tuple[str, str, str, str]] = Counter()
    for kind, key, region, n, pk in counted:
        found[region, kind, key, names[pk]] += n
    return found


@while_unchanged(64)
def keys(
    rung: str,
    on: date,
    region: str,
    kinds: tuple[str, ...],
    standings: tuple[str, ...],
    key: str,
    order: tuple[str, ...],
) -> tuple[int, ...]:
    """The keys of a list as far as it can be paged through, in order; turning its pages sifts nothing again."""
    rows: QuerySet[Any] = Prospect.objects.filter(rule=rung, kind__in=kinds)
    rows = rows.filter(region=region) if region else rows
    rows = rows.filter(key=key) if key else rows
    if standings == FREE:
        rows = free(rows, rung, on)
    else:
        rows = with_standing(rows, rung, on).filter(standing__in=standings)
    return tuple(rows.order_by(*order).values_list("pk", flat=True)[:MOST])
