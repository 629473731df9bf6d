"""Figures of the board: stocks by rung, and who moved between two days. All from certificates, nothing typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.parties.models import Party
from keji.lib.rules import vocabulary
from keji.modules.enterprises.ladder.models import Rung
from keji.modules.enterprises.models import COUNTED, Certification

#: The rungs of the funnel, from the lowest up; 创新型 stands beside the ladder and is asked for in lists only.
LADDER = (Rung.TECH_SME, Rung.HNTE, Rung.SRDI, Rung.LITTLE_GIANT)
NONE = "none"
PLACES = (NONE, *LADDER)
MOST = 10_001  # as far as a list is paged
INCUBATED = "incubated"  # the fact the register of tenants answers for, where there is one


@dataclass(frozen=True)
class Asked:
    """What a board is asked for; "" is everything."""

    on: date
    region: str = ""
    industry: str = ""


def titles(asked: Asked, rung: str = "") -> QuerySet[Any]:
    """Certificates valid on the day within what is asked for."""
    rows = Certification.objects.valid_on(asked.on).filter(kind__in=[rung] if rung else list(LADDER))
    if asked.region:
        rows = rows.filter(region=asked.region)
    if asked.industry:
        rows = rows.filter(party__profile__industry_tag=asked.industry)
    return rows


@while_unchanged(128)
def by_region(asked: Asked) -> Mapping[tuple[str, str], int]:
    """{(rung, region): firms}; a firm with two certificates of a kind counts once."""
    rows = titles(asked).order_by().values_list("kind", "region_id").annotate(n=Count("party", distinct=True))
    return {(kind, region): n for kind, region, n in rows}


@while_unchanged(32)
def by_industry(asked: Asked) -> Mapping[tuple[str, str], int]:
    """{(rung, industry): firms}; "" for firms whose industry nobody has entered."""
    rows = titles(asked).order_by().values_list("kind", "party__profile__industry_tag")
    found: Counter[tuple[str, str]] = Counter()
    for kind, industry, n in rows.annotate(n=Count("party", distinct=True)):
        found[kind, industry or ""] += n
    return dict(found)


def totals(asked: Asked) -> dict[str, int]:
    """{rung: firms}."""
    found = dict.fromkeys(map(str, LADDER), 0)
    for (kind, _), n in by_region(asked).items():
        found[kind] += n
    return found


def _rank_on(on: date) -> Case:
    valid = Q(issued_on__lte=on, valid_until__gte=on, state__in=COUNTED) & (
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=on)
    )
    ranks = Case(*(When(kind=rung, then=Value(rank)) for rank, rung in enumerate(LADDER, start=1)), default=Value(0))
    return Case(When(valid, then=ranks), default=Value(0), output_field=IntegerField())


def _ranked(start: date, asked: Asked) -> QuerySet[Any]:
    """One row a firm with a title then or later: its highest rung then (`was`) and now (`is_now`), as ranks."""
    rows = Certification.objects.filter(kind__in=list(LADDER), state__in=COUNTED, issued_on__lte=asked.on)
    rows = rows.filter(valid_until__gte=start)
    if asked.region:
        rows = rows.filter(region=asked.region)
    if asked.industry:
        rows = rows.filter(party__profile__industry_tag=asked.industry)
    return rows.order_by().values("party").annotate(was=Max(_rank_on(start)), is_now=Max(_rank_on(asked.on)))


@while_unchanged(32)
def movers(start: date, asked: Asked, was: str, now: str) -> tuple[int, ...]:
    """The keys of the firms behind one flow, as far as a list is paged."""
    if was == now == NONE:
        return ()  # they stood nowhere on either day
    firms = _ranked(start, asked).filter(was=rank(was), is_now=rank(now)).values("party")
    return tuple(Party.objects.filter(pk__in=firms).order_by("region", "pk").values_list("pk", flat=True)[:MOST])


@while_unchanged(32)
def moves(start: date, asked: Asked) -> Mapping[tuple[str, str], int]:
    """{(rung before, rung now): firms}; `none` is below the ladder."""
    # Counted where the rows are: fetching a row a firm takes ten times as long as finding them.
    firms, params = _ranked(start, asked).values_list("was", "is_now").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT was, is_now, COUNT(*) FROM ({firms}) AS firms GROUP BY was, is_now", params)  # noqa: S608 - Django's own words
        return {(PLACES[was], PLACES[now]): n for was, now, n in cursor.fetchall() if was or now}


def rank(place: str) -> int:
    return PLACES.index(place)


def label(place: str) -> str:
    return "不在梯队" if place == NONE else Rung(place).label


def incubated_known() -> bool:
    """Is there a register of incubated firms this house can ask? It answers through a derived fact."""
    from keji.kernel.facts.known import is_derived

    return INCUBATED in vocabulary.facts() and is_derived(INCUBATED)


@while_unchanged(32)
def incubated(asked: Asked) -> Sequence[int]:
    """Firms in incubation on the day, by the register of tenants; none where there is no such register."""
    from keji.kernel.facts.known import answered, holders_of

    if not incubated_known():
        return ()
    firms = Party.objects.alive().filter(kind=Party.Kind.ENTERPRISE)
    if asked.region:
        firms = firms.filter(region=asked.region)
    if asked.industry:
        firms = firms.filter(profile__industry_tag=asked.industry)
    keys = firms.order_by("pk").values_list("pk", flat=True)
    if (inside := holders_of(INCUBATED, asked.on)) is not None:
        return tuple(keys.filter(pk__in=inside))
    return tuple(party for party, yes in answered(INCUBATED, list(keys), asked.on).items() if yes)
