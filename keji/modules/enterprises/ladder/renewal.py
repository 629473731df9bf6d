"""Titles that lapse: by month, and how far each firm is on the way to its next certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from keji.kernel.audit.unchanged import while_unchanged
from keji.modules.enterprises.ladder.campaign_models import APPLIED, Application
from keji.modules.enterprises.ladder.models import CultivationEntry, Visit
from keji.modules.enterprises.ladder.visiting import Finding
from keji.modules.enterprises.models import COUNTED, Certification

PROGRESS = {
    "renewed": "已取得新证",
    "failed": "未通过",
    "applied": "已申报",
    "preparing": "正在准备",
    "contacted": "已联系",
    "idle": "未联系",
}
TONES = {
    "renewed": "green", "failed": "red", "applied": "blue", "preparing": "teal", "contacted": "violet", "idle": "amber"
}  # fmt: skip


def lapsing(rung: str, start: date, end: date) -> QuerySet[Any]:
    """The last certificate of each firm that ran or runs out between two days, revoked ones left out."""
    rows = Certification.objects.filter(kind=rung, state="confirmed", valid_until__range=(start, end))
    return rows.one_a_firm()


def with_progress(rows: QuerySet[Any], rung: str, year: int) -> QuerySet[Any]:
    """Certificates with `progress`, a key of PROGRESS, and the entry a visit is logged on."""
    party = OuterRef("party")
    newer = Certification.objects.filter(
        party=party, kind=rung, state__in=COUNTED, revoked_on__isnull=True, issued_on__gt=OuterRef("issued_on")
    )
    applications = Application.objects.filter(party=party, campaign__rung=rung, campaign__year=year)
    entries = CultivationEntry.objects.filter(party=party, rung=rung, year=year).exclude(state="dropped")
    visits = Visit.objects.filter(entry__party=party, entry__rung=rung, entry__year=year)
    reached = visits.exclude(finding=Finding.UNREACHED)
    return rows.annotate(
        progress=Case(
            When(Exists(newer), then=Value("renewed")),
            When(Exists(applications.filter(state__in=("failed", "refused"))), then=Value("failed")),
            When(Exists(applications.filter(state__in=APPLIED)), then=Value("applied")),
            When(
                Exists(applications.filter(state="draft")) | Exists(visits.filter(finding=Finding.PREPARING)),
                then=Value("preparing"),
            ),
            When(Exists(reached), then=Value("contacted")),
            default=Value("idle"),
            output_field=CharField(),
        ),
        entry_id=Subquery(entries.values("pk")[:1]),
        owner_name=Subquery(entries.values("owner__name")[:1]),
    )


@while_unchanged(16)
def by_month(rung: str, start: date, end: date, region: str) -> Mapping[date, int]:
    """{first day of the month: firms whose title runs out in it}."""
    rows = lapsing(rung, start, end)
    rows = rows.filter(region=region) if region else rows
    found: Counter[date] = Counter()
    for day, n in rows.order_by().values_list("valid_until").annotate(n=Count("pk")):  # titles end on few days
        found[day.replace(day=1)] += n
    return dict(found)


@while_unchanged(16)
def by_progress(rung: str, start: date, end: date, region: str, year: int) -> Mapping[str, int]:
    rows = lapsing(rung, start, end)
    rows = rows.filter(region=region) if region else rows
    counted = with_progress(rows, rung, year).order_by().values_list("progress").annotate(n=Count("pk"))
    return dict(counted)


@while_unchanged(16)
def unrenewed_count(rung: str, on: date, until: date, region: str) -> int:
    return unrenewed(rung, on, until, region).count()


def unrenewed(rung: str, on: date, until: date, region: str = "") -> QuerySet[Any]:
    """Of today's stock, the firms whose title runs out before the end of `until` and that hold no newer one."""
    valid = Certification.objects.filter(kind=rung).valid_on(on)
    newer = Q(issued_on__gt=OuterRef("issued_on")) | Q(issued_on=OuterRef("issued_on"), pk__gt=OuterRef("pk"))
    # The same as one_a_firm of the whole stock, asked of the few that lapse.
    rows = valid.filter(valid_until__lt=until).exclude(Exists(valid.filter(newer, party=OuterRef("party"))))
    return rows.filter(region=region) if region else rows
