"""Rights on the register of some firms, used once or twice; codes handed out, and firms knocking at the door."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from keji.demo.story import actor, moment
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Grant
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import take
from keji.modules.enterprises import api as enterprises

KEEPERS = 40  # firms that keep the register, in a full city
THINGS = (
    "轴承座加工夹具",
    "环保型胶黏剂",
    "钢构件焊接装置",
    "茶叶杀青设备",
    "车灯散热结构",
    "物联网数据采集系统",
    "竹材防霉工艺",
)
KINDS = (
    ("invention", "ZL{year}1{serial:07d}8", "一种{thing}", 3),
    ("utility", "ZL{year}2{serial:07d}5", "一种{thing}", 6),
    ("design", "ZL{year}3{serial:07d}2", "{thing}（外观）", 1),
    ("software", "{year}SR{serial:07d}", "{thing}控制软件V1.0", 3),
)
CLAIMS = (("宋佳", "财务经理", "13905641201"), ("唐磊", "总经办主任", "13905641202"), ("冯雪", "", "13905641203"))


class RightsAndDoors:
    """`parties` are the firms with facts; the first ones and `firm` keep the register."""

    def __init__(self, chance: random.Random, parties: Sequence[Party], firm: Party) -> None:
        self.chance, self.firm = chance, firm
        self.keepers = [*parties[24 : 24 + min(KEEPERS, len(parties) // 5)], firm]
        self.parties, self.serial = parties, 10_000

    def tell(self) -> None:
        self._register()
        self._use()
        self._knock()

    def _register(self) -> None:
        day = date(2024, 5, 20)
        by_region: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for party in self.keepers:
            by_region[party.region_id] += [self._right(party) for _ in range(self.chance.randrange(4, 10))]
        grants = Grant.objects.filter(role=Role.COUNTY).select_related("account").order_by("account__username")
        for grant in grants:
            if rows := by_region.get(grant.region_id or ""):
                who = actor(grant.account.username, day)
                made = enterprises.register_rights(rows, actor=who, at=moment(day), source="sheet")
                checker = actor("gaoxin", day)
                for right in made[::3]:
                    take("confirm", right, actor=checker, at=moment(day, 15))

    def _right(self, party: Party) -> dict[str, Any]:
        kind, code, title, _ = self.chance.choices(KINDS, [k[3] for k in KINDS])[0]
        self.serial += self.chance.randrange(3, 90)
        year = self.chance.randrange(2017, 2024)
        return {
            "party": party,
            "kind": kind,
            "code": code.format(year=year - 1 if kind != "software" else year, serial=self.serial),
            "title": title.format(thing=self.chance.choice(THINGS)),
            "obtained": self.chance.choices(("own", "assigned", "merger"), (88, 10, 2))[0],
            "granted_on": date(year, self.chance.randrange(1, 13), self.chance.randrange(1, 28)),
            "lapses_on": date(2024, 6, 30) if self.chance.random() < 0.06 else None,
            "co_holders": [self.keepers[0]] if party.pk == self.firm.pk and self.chance.random() < 0.3 else [],
        }

    def _use(self) -> None:
        """What earlier applications used up: Ⅱ类 rights count no more for the next one."""
        at, system = moment(date(2024, 6, 3)), Actor.system("演示数据")
        for index, party in enumerate(self.keepers):
            rights = enterprises.IpRight.objects.filter(party=party, granted_on__lt=date(2021, 6, 1)).order_by("pk")
            if index % 2 == 0 and rights:
                enterprises.mark_used(list(rights[:3]), party, 2021, actor=system, at=at)

    def _knock(self) -> None:
        """November: two counties hand out codes; three firms ask by themselves."""
        day = date(2024, 11, 27)
        for clerk, region in (("yuan", "341503"), ("jinan", "341502")):
            firms = [p for p in self.parties if p.region_id == region and p.pk != self.firm.pk][:6]
            enterprises.invite(firms, actor=actor(clerk, day), at=moment(day))
        for serial, (name, position, phone) in enumerate(CLAIMS, start=1):
            party = self.parties[-1 - serial * 2]
            values = {"username": f"renling{serial}", "name": name, "position": position, "phone": phone}
            enterprises.claim(party, values | {"password": None}, at=moment(date(2024, 12, 2 + serial)))
