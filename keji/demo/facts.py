"""The made-up city's files of facts: counties report, statistics arrive, some sources differ, some facts run out."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from keji.demo.firm_facts import LAST, Firm, W, firms, sound_firm
from keji.demo.rights import RightsAndDoors
from keji.demo.story import SEED, Story, actor, moment
from keji.kernel.facts.models import Filing, Origin, Statement
from keji.kernel.facts.services import Said, confirm, expire, state_facts
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Authority, Role
from keji.lib.codes import make_uscc, organisation_check
from keji.lib.rules import vocabulary
from keji.modules.enterprises import api as enterprises

FIRMS = 900
REPORTED, CHECKED = date(2024, 3, 20), date(2024, 4, 12)
EARLY = date(2023, 11, 20)  # what holds for a year and was said then has run out by now
YOUNG = (
    ("341502", "六安新起点智能装备有限公司", date(2024, 1, 16)),
    ("341503", "六安初创新材料有限公司", date(2024, 2, 27)),
)
STATISTICS = ("revenue", "assets", "liabilities", "staff")
DIFFERENT, UNCHECKED, RUN_OUT = 12, 30, 25  # firms with sources that differ, facts nobody confirmed, facts run out


class FirmFacts:
    """Tells the facts of some hundred firms; `firm` is the one whose user can be tried."""

    def __init__(self, story: Story, firm: Party) -> None:
        self.story, self.firm = story, firm
        self.chance = random.Random(SEED + 1)  # its own dice: the certificates of the story stay as they are
        others = [p for p in story.registry.parties if p.pk != firm.pk]
        count = max(40, int(FIRMS * story.by_hand))
        self.parties: list[Party] = [*self.chance.sample(others, min(count, len(others)) - 1), firm]
        self.numbers = dict(zip((p.pk for p in self.parties), firms(self.chance, len(self.parties)), strict=True))

    def tell(self) -> None:
        self._found_young_firms()
        self._report()
        self._statistics()
        self._firms_fill_in()
        self._leave_unchecked()
        self._own_user()
        RightsAndDoors(self.chance, self.parties, self.firm).tell()
        expire(actor=Actor.system(), at=moment(date(2024, 12, 10), 8))
        enterprises.measure_burden(2024, at=moment(date(2024, 12, 10), 1))
        self.story.tell(f"一企一档：{len(self.parties)} 家企业、{Statement.objects.count():,} 项资料")

    def _found_young_firms(self) -> None:
        """Two firms founded this year: all that is missing for a title is age."""
        regions = {r.code: r for r in Region.objects.all()}
        rows = []
        for serial, (region, name, day) in enumerate(YOUNG, start=1):
            body = f"MAD{serial:05d}"
            code = make_uscc(f"91{region}{body}{organisation_check(body)}")
            rows.append({"uscc": code, "name": name, "region": regions[region], "established_on": day})
        when = moment(date(2024, 3, 8))
        for party in enterprises.create_parties(rows, actor=Actor.system("演示数据"), at=when, source="import"):
            firm = sound_firm(self.chance)
            for key in list(firm.annual):
                firm.annual[key] = 0 if key[1] < LAST or "part_time" in key[0] else firm.annual[key]
            self.parties.append(party)
            self.numbers[party.pk] = firm

    def _report(self) -> None:
        """Spring: each county reports its firms' three years; some weeks later the bureau has checked them."""
        early = {p.pk for p in self.parties[30 : 30 + (RUN_OUT if self.story.by_hand >= 1 else 5)]}
        for clerk, mine in self._by_county():
            said = [s for p in mine for s in self._said(p)]
            stale = [s for s in said if s.party.pk in early and vocabulary.fact(s.name).months]
            fresh = [s for s in said if not (s.party.pk in early and vocabulary.fact(s.name).months)]
            for rows, day in ((stale, EARLY), (fresh, REPORTED)):
                if rows:
                    who = actor(clerk, day)
                    filing = _filing(f"{day.year}年企业资料表", Origin.COUNTY, who, day, len(rows))
                    state_facts(rows, actor=who, at=moment(day), filing=filing)
        confirm(Statement.objects.only("pk"), actor=actor("gaoxin", CHECKED), at=moment(CHECKED))

    def _said(self, party: Party) -> list[Said]:
        numbers = self.numbers[party.pk]
        annual = [Said(party, name, value, year) for (name, year), value in numbers.annual.items()]
        return annual + [Said(party, name, value) for name, value in numbers.standing.items()]

    def _statistics(self) -> None:
        """Summer: the statistics bureau's table of a third of the firms; for a dozen it says something else."""
        day, who = date(2024, 7, 15), actor("guihua", date(2024, 7, 15))
        rows, different = list[Said](), 0
        for index, party in enumerate(self.parties):
            if index % 3 or party.pk == self.firm.pk:
                continue
            slip = index > 24 and different < DIFFERENT
            different += slip
            rows += self._counted(party, self.numbers[party.pk], slip=slip, turn=different)
        filing = _filing("2023年规上企业统计年报", Origin.STATISTICS, who, day, len(rows))
        state_facts(rows, actor=who, at=moment(day), origin=Origin.STATISTICS, filing=filing)

    def _counted(self, party: Party, numbers: Firm, *, slip: bool, turn: int) -> list[Said]:
        found = []
        for name in STATISTICS:
            value = numbers.annual.get((name, LAST))
            if value is None:
                continue
            if slip and name == STATISTICS[turn % 4]:
                value = value + max(3, value // 40) if name == "staff" else value + value // 25 // W * W + 3 * W
            found.append(Said(party, name, value, LAST, "统计年报 B103 表"))
        return found

    def _firms_fill_in(self) -> None:
        """Autumn: every third firm confirms what its county said and answers the rest; some type known things again."""
        day, who, dice = date(2024, 9, 18), Actor.system("企业填报（演示）"), random.Random(SEED + 31)
        for party in self.parties[1::3]:
            if party.pk == self.firm.pk:
                continue
            known = [s for s in self._said(party) if not vocabulary.fact(s.name).annual or s.year == LAST]
            typed = known[: dice.choice((0, 0, 0, 2, 3, 5))]
            tapped = [Said(party, s.name, s.value, s.year, enterprises.AGREED) for s in known[len(typed) :]]
            asked = dice.randint(2, 9)
            told = ("科技型中小企业评价资料", Origin.PARTY, who, day, len(typed) + asked)
            filing = _filing(*told, party=party, known=len(known), asked=asked, agreed=len(tapped))
            state_facts([*typed, *tapped], actor=who, at=moment(day), origin=Origin.PARTY, filing=filing)
        confirm(
            Statement.objects.filter(filing__title="科技型中小企业评价资料", state=Statement.State.STATED).only("pk"),
            actor=actor("gaoxin", date(2024, 9, 30)),
            at=moment(date(2024, 9, 30)),
        )

    def _leave_unchecked(self) -> None:
        """November: counties bring facts nobody has looked at yet."""
        day = date(2024, 11, 25)
        some = [p for p in self.parties[40:] if ("total_cost", LAST) in self.numbers[p.pk].annual] or self.parties[
            -5:-1
        ]
        taken = 0
        for clerk, mine in self._by_county(some[: 2 * UNCHECKED : 2]):
            rows = []
            for party in mine[: max(0, UNCHECKED - taken)]:
                numbers = self.numbers[party.pk].annual
                rows.append(Said(party, "part_time_6m", 1 + taken % 4, LAST, "企业用工花名册"))
                rows.append(
                    Said(party, "net_profit", numbers["net_profit", LAST] + 1200 * (taken + 1), LAST, "审计报告")
                )
                taken += 1
            if rows:
                state_facts(rows, actor=actor(clerk, day), at=moment(day))

    def _own_user(self) -> None:
        """The firm whose user can be tried has said some things itself, one of them differently."""
        day = date(2024, 11, 18)
        account = Account.objects.get(username="qiye")
        assert Grant.objects.filter(account=account, party=self.firm).exists()
        who = Actor(account.pk, account.name, (Authority(Role.ENTERPRISE, party=self.firm.pk),))
        numbers = self.numbers[self.firm.pk].annual
        rows = [
            Said(self.firm, name, numbers[name, LAST], LAST, "2023年度审计报告")
            for name in ("revenue", "main_revenue", "assets", "total_cost", "staff", "rd_staff_cost", "rd_materials")
            if (name, LAST) in numbers
        ]
        rows.append(Said(self.firm, "rnd_staff", numbers.get(("rnd_staff", LAST), 12) + 2, LAST, "研发人员花名册"))
        filing = _filing("高新技术企业认定资料", Origin.PARTY, who, day, 1, party=self.firm, known=len(rows) - 1)
        state_facts(rows, actor=who, at=moment(day), filing=filing)

    def _by_county(self, parties: Sequence[Party] | None = None) -> list[tuple[str, list[Party]]]:
        by_region: dict[str, list[Party]] = defaultdict(list)
        for party in self.parties if parties is None else parties:
            by_region[party.region_id].append(party)
        clerks = Grant.objects.filter(role=Role.COUNTY).select_related("account").order_by("account__username")
        return [(g.account.username, by_region[g.region_id]) for g in clerks if g.region_id in by_region]


def _filing(
    *told: Any, party: Party | None = None, known: int = 0, asked: int | None = None, agreed: int | None = None
) -> Filing:
    """`told`: title, origin, who, day, how many facts were filled in."""
    title, origin, who, day, stated = told
    return Filing.objects.create(
        title=title, origin=origin, party=party, year=LAST + 1, by=who.name, by_account_id=who.id, at=moment(day),
        stated=stated, asked=stated if asked is None else asked, known=known,
        agreed=known if agreed is None else agreed, purpose="hnte" if party else "",
    )  # fmt: skip
