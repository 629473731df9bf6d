"""One deterministic year of the made-up city, told through the same services its people would use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone

from keji.demo.certificates import HNTE_2024, HNTE_PAST, OTHERS, SME_2023, SME_2024, Batch, Registry
from keji.demo.city import firms, settle_regions
from keji.demo.people import settle_people
from keji.kernel import clock
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.modules.enterprises import api as enterprises

SEED = 2024
FIRMS = 3200
NOW = timezone.make_aware(datetime.combine(date(2024, 12, 10), time(9)))

#: (batch, clerk) → days by which that county's report came late
LATE = {("2024年第4批", "yeji"): 8, ("2024年第2批", "huoqiu"): 3}

Tell = Callable[[str], None]


def moment(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def actor(username: str, on: date) -> Actor:
    return Account.objects.get(username=username).actor(on)


class Story:
    """Tells the year in order. `scale` multiplies firms and certificates: 10 for measuring, 1/20 for tests."""

    def __init__(self, *, scale: Fraction = Fraction(1), tell: Tell = lambda _: None) -> None:
        self.chance = random.Random(SEED)
        self.scale, self.tell = scale, tell
        self.by_hand = min(scale, Fraction(1))  # what people do one by one does not grow beyond the city's full size
        self._pending: list[tuple[date, str, list[dict[str, Any]]]] = []

    def settle(self) -> None:
        """Regions, people, firms."""
        at = moment(date(2023, 1, 4))
        with clock.stopped_at(at):
            settle_regions()
            settle_people(at)
            self.tell("县区和人员")
            self._settle_firms(at)
        self.tell(f"企业 {int(FIRMS * self.scale):,} 家")

    def _settle_firms(self, at: datetime) -> None:
        regions = {r.code: r for r in Region.objects.all()}
        rows = firms(self.chance, int(FIRMS * self.scale))
        for row in rows:
            row["region"] = regions[row.pop("region_code")]
            row["division"] = regions[row.pop("division_code")]
        enterprises.create_parties(rows, actor=Actor.system("演示数据"), at=at, source="import")
        self.registry = Registry(self.chance, list(Party.objects.select_related("region").order_by("pk")))

    def certify(self, batch: Batch, *, again: int = 0) -> None:
        """A batch is announced; every county reports its firms, the bureau confirms."""
        sized = Batch(batch.kind, batch.name, batch.issued_on, batch.reported_on, int(batch.count * self.scale))
        rows = self.registry.give(sized, again=int(again * self.scale))
        for clerk, mine in self._by_county(rows):
            late = LATE.get((batch.name, clerk), 0)
            day = batch.reported_on + timedelta(days=late)
            self._pending.append((day, clerk, mine))
        self.report_until(batch.reported_on)

    def report_until(self, day: date) -> None:
        """Counties' reports that have arrived by `day` go in and are confirmed the same afternoon."""
        due = [p for p in self._pending if p[0] <= day]
        self._pending = [p for p in self._pending if p[0] > day]
        for on, clerk, mine in due:
            made = enterprises.report_certifications(mine, actor=actor(clerk, on), at=moment(on), source="sheet")
            enterprises.confirm_in_bulk([r.pk for r in made], actor=actor("gaoxin", on), at=moment(on, 15))

    def _by_county(self, rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        by_region: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            by_region.setdefault(row["party"].region_id, []).append(row)
        for clerk in Account.objects.filter(grants__role="county").order_by("username"):
            region = clerk.grants.get(role="county").region_id
            if mine := by_region.get(region or ""):
                yield clerk.username, mine

    def certify_until(self, day: date, *, since: date = date.min) -> None:
        """Everything that was announced after `since` and up to `day`."""
        plain = [(b, 0) for b in (*HNTE_PAST, *SME_2023, *SME_2024, *OTHERS)]
        for batch, again in sorted([*plain, *HNTE_2024], key=lambda p: (p[0].reported_on, p[0].kind, p[0].name)):
            if since < batch.reported_on <= day:
                self.report_until(batch.reported_on)
                self.certify(batch, again=again)
        self.report_until(day)
