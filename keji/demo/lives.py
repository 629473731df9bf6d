"""The start-ups of the made-up city: who enters which house when, works on what, and how it ends."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from keji.demo.city import PLACES
from keji.demo.houses import House
from keji.kernel.parties.models import Region
from keji.lib.codes import make_uscc, organisation_check

SEED, YEAR = 300, 2024
FIRST_SERIAL, APART = 100_001, 137  # codes further apart than a slip of the pen
FIELDS = (
    "electronics",
    "materials",
    "manufacturing",
    "vehicles",
    "biomedicine",
    "agriculture",
    "environment",
    "services",
)
TRADES = {
    "electronics": "微电子", "materials": "复合材料", "manufacturing": "自动化装备", "vehicles": "汽车电子",
    "biomedicine": "生物医药", "agriculture": "农业科技", "environment": "环境科技", "services": "数字科技",
}  # fmt: skip
_SOUND = "启萌芽聚优初晨拓野知行星火跃动蓝图逐浪凌云致新"


@dataclass
class Life:
    """One tenant's course as the story wants it."""

    house: House
    firm: dict[str, Any] | None
    name: str
    work: str
    entered_on: date
    area: int
    seats: int = 0
    graduates_on: date | None = None
    route: str = "money"
    leaves_on: date | None = None
    leaving: str = ""
    told: bool = True  # does its operator send yearly data
    record: Any = field(default=None, repr=False)


class Nursery:
    """Makes up lives and the firms that live them. Own chance: nothing else in the city shifts."""

    def __init__(self, scale: Fraction, regions: dict[str, Region]) -> None:
        self.scale, self.chance, self.regions = scale, random.Random(SEED), regions
        self.serial = FIRST_SERIAL
        self.names: set[str] = set()

    def _count(self, number: int) -> int:
        return number if self.scale >= 1 else max(1, int(number * self.scale)) if number else 0

    def lives_of(self, house: House) -> Iterator[Life]:
        space = house.kind == "makerspace"
        room = (house.site - house.public) * 4 // 5 // max(1, house.inside + house.overdue)
        first = date(2021, 3, 1)
        if space:  # the lively ones take in everybody within the year
            first = date(YEAR, 1, 10) if house.level == "provincial" else date(2023, 1, 10)
        for _ in range(self._count(house.inside)):
            entered = self._day(first, date(YEAR, 11, 20))
            yield self.life(house, entered, room)
        for _ in range(self._count(house.overdue)):
            yield self.life(
                house,
                self._day(date(2022 if space else 2020, 5, 1), date(2022 if space else 2020, 11, 20)),
                room,
                overdue=True,
            )
        for _ in range(self._count(house.graduates)):
            yield self._graduate(house, date(2021, 6, 1), date(2023, 11, 30), room)
        for _ in range(self._count(house.graduates_2024)):
            yield self._graduate(house, date(YEAR, 2, 1), date(YEAR, 11, 20), room)
        for _ in range(self._count(house.teams)):
            name = f"{PLACES[house.region]}{''.join(self.chance.sample(_SOUND, 2))}创业团队"
            entered = self._day(max(first, date(2023, 6, 1)), date(YEAR, 11, 20))
            yield Life(house, None, name, self._field(house), entered, 0 if space else 20, 2)
        if house.inside > 10:
            yield self._leaver(house, room, "move_out")
            yield self._leaver(house, room, "end")
        if house.overdue > 1:
            yield self._leaver(house, room, "clear_out")

    def life(self, house: House, entered: date, room: int, *, overdue: bool = False) -> Life:
        work = self._field(house, long=not overdue)
        firm = self._firm(house, entered, work)
        area = max(20, room + self.chance.randint(-room // 4, room // 4))
        seats = self.chance.randint(2, 5) if house.kind == "makerspace" else 0
        area = seats * 6 if seats else area
        return Life(house, firm, firm["name"], work, entered, area, seats, told=self.chance.random() > 0.07)

    def _graduate(self, house: House, first: date, last: date, room: int) -> Life:
        left = self._day(first, last)
        life = self.life(house, left - timedelta(days=self.chance.randint(760, 1300)), room, overdue=True)
        life.graduates_on, life.route = left, self.chance.choice(("money", "revenue", "revenue", "listed"))
        life.told = True
        return life

    def _leaver(self, house: House, room: int, leaving: str) -> Life:
        late = leaving == "clear_out"
        first, last = (date(2020, 3, 1), date(2020, 6, 1)) if late else (date(2021, 3, 1), date(2023, 5, 1))
        life = self.life(house, self._day(first, last), room, overdue=late)
        life.leaves_on, life.leaving = self._day(date(YEAR, 7 if late else 3, 2), date(YEAR, 9, 1)), leaving
        return life

    def _field(self, house: House, long: bool = True) -> str:
        if house.field and self.chance.random() < 0.8:
            return house.field
        fields = FIELDS if long else tuple(f for f in FIELDS if f not in ("biomedicine", "agriculture"))
        return self.chance.choice(fields)

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.chance.randrange((last - first).days + 1))

    def _firm(self, house: House, entered: date, work: str) -> dict[str, Any]:
        while True:
            name = f"{PLACES[house.region]}{''.join(self.chance.sample(_SOUND, 2))}{TRADES[work]}有限公司"
            if name not in self.names:
                break
        founded = entered - timedelta(days=self.chance.randint(20, 150 if house.kind == "makerspace" else 700))
        return self.party(name, house.region, "enterprise") | {"established_on": founded}

    def party(self, name: str, region: str, kind: str) -> dict[str, Any]:
        self.names.add(name)
        division = "341503" if region.endswith("KFQ") else region
        body = f"MA{self.serial:06d}"
        self.serial = FIRST_SERIAL + (self.serial - FIRST_SERIAL + APART) % 899_999
        return {
            "uscc": make_uscc(f"91{division}{body}{organisation_check(body)}"),
            "name": name,
            "kind": kind,
            "region": self.regions[region],
            "division": self.regions[division],
        }
