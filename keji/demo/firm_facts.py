"""What the made-up firms say of themselves: three years of figures, so that every kind of verdict is somewhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

W = 10_000  # 元 in a 万元
YEARS = (2021, 2022, 2023)
LAST = YEARS[-1]
RND = {
    "rd_staff_cost": 46,
    "rd_materials": 30,
    "rd_depreciation": 7,
    "rd_amortisation": 2,
    "rd_design": 4,
    "rd_commissioning": 3,
    "rd_outsourced": 3,
    "rd_outsourced_abroad": 0,
    "rd_other": 5,
}
STANDING = {
    "resident": 1,
    "restricted": 0,
    "serious_incident": 0,
    "research_dishonesty": 0,
    "listed_abnormal": 0,
    "award": 0,
    "institution": 0,
    "standard": 0,
    "own_ip": 1,
    "standard_setting": 0,
}
EXPERTS = {"advance": 4, "support": 4, "org_system": 5, "org_institute": 5, "org_reward": 4, "org_talent": 3}


@dataclass
class Firm:
    """One firm's numbers: annual ones by (fact, year), standing ones by name. Money in 元."""

    chance: random.Random
    annual: dict[tuple[str, int], int] = field(default_factory=dict)
    standing: dict[str, int] = field(default_factory=dict)

    def revenue(self, year: int = LAST) -> int:
        return self.annual["revenue", year]

    def scale_years(self, name: str, share: Fraction) -> None:
        for year in YEARS:
            self.annual[name, year] = round_money(self.annual[name, year] * share)

    def set_rnd(self, share: Fraction, *, abroad: int = 0) -> None:
        """Spend that share of each year's sales on R&D, `abroad` per cent of it commissioned abroad."""
        weights = RND | {"rd_outsourced_abroad": abroad}
        # What is commissioned counts by four fifths; the share is meant of what counts.
        counted = sum(Fraction(w) * (Fraction(4, 5) if "outsourced" in n else 1) for n, w in weights.items())
        for year in YEARS:
            total = self.revenue(year) * share
            for name, weight in weights.items():
                self.annual[name, year] = round_money(total * weight / counted)
            self.annual["rd_building_depreciation", year] = round_money(self.annual["rd_depreciation", year] // 10)


def round_money(value: Fraction | int) -> int:
    """To hundreds of 元: 万元 with two decimals, as people report."""
    return int(value) // 100 * 100


def tier(revenue: int) -> Fraction:
    """The R&D share 高企 asks for at these sales."""
    return Fraction(5 if revenue <= 5000 * W else 4 if revenue <= 20_000 * W else 3, 100)


def sound_firm(chance: random.Random) -> Firm:
    """A firm that meets everything but what experts have to say."""
    firm = Firm(chance)
    revenue = chance.choice((6, 12, 20, 35, 45, 70, 110, 160)) * chance.randrange(80, 125) * W
    assets = round_money(revenue * chance.randrange(60, 120) // 100)
    growth = Fraction(chance.randrange(108, 142), 100)
    for year in reversed(YEARS):
        firm.annual["revenue", year] = round_money(revenue)
        firm.annual["main_revenue", year] = round_money(revenue * chance.randrange(90, 100) // 100)
        firm.annual["assets", year] = round_money(assets)
        firm.annual["liabilities", year] = round_money(assets * chance.randrange(30, 58) // 100)
        firm.annual["net_profit", year] = round_money(revenue * chance.randrange(2, 14) // 100)
        firm.annual["conversions", year] = chance.randrange(4, 8)
        revenue, assets = int(revenue / growth), int(assets / growth)
    staff = max(8, min(430, firm.revenue() // (chance.randrange(55, 95) * W)))
    latest = {
        "total_income": round_money(firm.revenue() * Fraction(101, 100)),
        "hightech_revenue": round_money(firm.revenue() * Fraction(chance.randrange(66, 92), 100)),
        "total_cost": round_money(firm.revenue() * Fraction(chance.randrange(86, 97), 100)),
        "staff": staff,
        "rnd_staff": -(-staff * chance.randrange(14, 34) // 100),
        **dict.fromkeys(("part_time_183", "part_time_6m", "rnd_part_time_183", "rnd_part_time_6m"), 0),
    }
    firm.annual |= {(name, LAST): value for name, value in latest.items()}
    firm.set_rnd(tier(firm.revenue()) + Fraction(chance.randrange(5, 35), 1000))
    firm.standing = STANDING | {
        "technology_field": chance.randrange(1, 9),
        "class1_ip": chance.randrange(1, 6),
        "class2_ip": chance.randrange(2, 15),
        "class2_ip_used": 0,
    }
    return firm


Change = Callable[[Firm], None]


def _proven(f: Firm) -> None:
    f.standing |= EXPERTS
    for year in YEARS:
        f.annual["conversions", year] = 6


def _no_rights(f: Firm) -> None:
    f.standing |= {"class1_ip": 0, "class2_ip": 0, "class2_ip_used": 0, "own_ip": 0}


def _few_scientists(f: Firm) -> None:
    f.annual["staff", LAST] = 120
    f.annual["rnd_staff", LAST] = f.chance.choice((10, 11))


def _little_research(f: Firm) -> None:
    f.set_rnd(tier(f.revenue()) - Fraction(f.chance.randrange(1, 5), 1000))


def _abroad(f: Firm) -> None:
    f.set_rnd(tier(f.revenue()) + Fraction(2, 100), abroad=85)


def _little_hightech(f: Firm) -> None:
    f.annual["hightech_revenue", LAST] = round_money(f.annual["total_income", LAST] * Fraction(58, 100))


def _low_score(f: Firm) -> None:
    f.standing |= {"class1_ip": 0, "class2_ip": 1, "class2_ip_used": 0, "standard_setting": 0} | dict.fromkeys(
        EXPERTS, 2
    )
    for year in YEARS:
        f.annual["conversions", year] = 1


def _shrinking(f: Firm) -> None:
    f.annual["revenue", 2021] = round_money(f.revenue() * Fraction(14, 10))
    f.set_rnd(Fraction(2, 100))
    f.annual["rnd_staff", LAST] = max(1, f.annual["staff", LAST] // 25)


def _deficit(f: Firm) -> None:
    for year, share in zip(YEARS, (105, 118, 131), strict=True):
        f.annual["liabilities", year] = round_money(f.annual["assets", year] * share // 100)
        f.annual["net_profit", year] = -round_money(f.revenue(year) * 9 // 100)


def _no_first_year(f: Firm) -> None:
    for name, year in list(f.annual):
        if year == 2021:
            del f.annual[name, year]


def _zero_base(f: Firm) -> None:
    for name in ("revenue", "main_revenue", "conversions", *RND, "rd_building_depreciation"):
        f.annual[name, 2021] = 0


def _unknown(*names: str) -> Change:
    def forget(f: Firm) -> None:
        for name in names:
            f.standing.pop(name, None)
            for year in YEARS:
                f.annual.pop((name, year), None)

    return forget


def _yes(name: str, value: int = 1) -> Change:
    return lambda f: f.standing.update({name: value})


def _big(name: str, value: int) -> Change:
    return lambda f: f.annual.update({(name, LAST): value})


def _large_sales(f: Firm) -> None:
    f.scale_years("revenue", Fraction(20_600 * W, f.revenue()))
    f.set_rnd(tier(f.revenue()) + Fraction(1, 100))
    f.annual["total_income", LAST] = round_money(f.revenue() * Fraction(101, 100))
    f.annual["hightech_revenue", LAST] = round_money(f.revenue() * Fraction(7, 10))


def _many_staff(f: Firm) -> None:
    f.annual |= {("staff", LAST): 512, ("rnd_staff", LAST): 96}


#: Each near miss and each odd case at least once, even in a small city.
SPECIAL: tuple[Change, ...] = (
    _proven, _no_rights, _yes("technology_field", 0), _few_scientists, _little_research, _abroad, _little_hightech,
    _low_score, _yes("serious_incident"), _many_staff, _large_sales, _big("assets", 20_800 * W), _yes("restricted"),
    _yes("research_dishonesty"), _yes("listed_abnormal"), _deficit, _zero_base, _no_first_year, _shrinking,
    _unknown("staff"), _unknown("technology_field"), _unknown("class1_ip", "class2_ip", "own_ip"),
    _unknown("hightech_revenue", "total_income"), _unknown("rd_staff_cost", "rd_materials"),
)  # fmt: skip
#: The rest of the city: (change, share in per cent).
USUAL: tuple[tuple[Change | None, int], ...] = (
    (None, 34), (_proven, 14), (_little_research, 7), (_few_scientists, 6), (_little_hightech, 5), (_no_rights, 5),
    (_low_score, 4), (_shrinking, 7), (_unknown("technology_field"), 4), (_unknown("rnd_staff"), 4),
    (_unknown("rd_staff_cost", "rd_other"), 4), (_no_first_year, 3), (_deficit, 2), (_zero_base, 1),
)  # fmt: skip


def firms(chance: random.Random, count: int) -> Iterator[Firm]:
    """`count` firms: first every special case once, then the usual mixture."""
    changes, weights = zip(*USUAL, strict=True)
    for index in range(count):
        firm = sound_firm(chance)
        change = SPECIAL[index] if index < len(SPECIAL) else chance.choices(changes, weights)[0]
        if change:
            # Some near misses have their experts' points already: nothing but the one condition stands in their way.
            if 0 < index < len(SPECIAL) or chance.random() < 0.4:
                firm.standing |= EXPERTS
            change(firm)
        yield firm
