"""What cannot be, and what is odd enough to ask about, among one unit's figures; the same on a page and in a sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from keji.kernel.facts.models import STANDING
from keji.lib.rules.vocabulary import Kind, fact

Place = tuple[str, int]  # fact, year
ERROR, QUESTION, NOTE = "error", "question", "note"

#: (part, whole) of one year: the part is never more.
PARTS = (
    ("main_revenue", "revenue"),
    ("hightech_revenue", "total_income"),
    ("rd_building_depreciation", "rd_depreciation"),
    ("rnd_staff", "staff"),
    ("rnd_part_time_183", "part_time_183"),
    ("rnd_part_time_6m", "part_time_6m"),
)
MAY_BE_NEGATIVE = frozenset({"net_profit"})
RND_ITEMS = (
    *("rd_staff_cost", "rd_materials", "rd_depreciation", "rd_amortisation", "rd_design", "rd_commissioning"),
    *("rd_outsourced", "rd_outsourced_abroad", "rd_other"),
)
JUMP = 100  # times last year's amount: more often a slip of the unit than a year's growth
LARGEST = 10**13  # 元; the largest firms of the country stay below


@dataclass(frozen=True)
class Doubt:
    """One thing wrong, odd or worth a word; `places` are the facts it is about."""

    places: tuple[Place, ...]
    sentence: str
    weight: str

    @property
    def key(self) -> str:
        """The same doubt has the same key when the form comes back."""
        return "-".join(f"{name}.{year}" for name, year in self.places)


def doubts(values: Mapping[Place, int], touched: Collection[Place] | None = None) -> list[Doubt]:
    """Everything to say about these values; with `touched`, only what concerns one of those."""
    found = [*_negative(values), *_parts(values), *_jumps(values), *_sums(values)]
    return [d for d in found if touched is None or any(p in touched for p in d.places)]


def _named(place: Place) -> str:
    name, year = place
    return f"{year}年{fact(name).label}" if year != STANDING else fact(name).label


def _shown(values: Mapping[Place, int], place: Place) -> str:
    return f"{_named(place)} {fact(place[0]).text(values[place])}"


def _negative(values: Mapping[Place, int]) -> Iterator[Doubt]:
    for place, value in values.items():
        kind = fact(place[0]).kind
        if value < 0 and kind in (Kind.MONEY, Kind.COUNT) and place[0] not in MAY_BE_NEGATIVE:
            yield Doubt((place,), f"{_shown(values, place)}，不应是负数，请核对", ERROR)
        if abs(value) > LARGEST:
            yield Doubt((place,), f"{_shown(values, place)}，数太大了，请核对单位", ERROR)


def _parts(values: Mapping[Place, int]) -> Iterator[Doubt]:
    for year in sorted({year for _, year in values}):
        for part, whole in PARTS:
            inner, outer = (part, year), (whole, year)
            if inner in values and outer in values and values[inner] > values[outer]:
                said = f"{_shown(values, inner)}，多于{fact(whole).label} {fact(whole).text(values[outer])}，请核对"
                yield Doubt((inner, outer), said, ERROR)


def _jumps(values: Mapping[Place, int]) -> Iterator[Doubt]:
    for (name, year), value in values.items():
        before = values.get((name, year - 1))
        if fact(name).kind is not Kind.MONEY or not before or not value or year == STANDING:
            continue
        small, large = sorted((abs(before), abs(value)))
        if large >= small * JUMP:
            pair = ((name, year), (name, year - 1))
            said = f"{_shown(values, pair[0])}，而{_shown(values, pair[1])}，相差约 {large // small:,} 倍"
            yield Doubt(pair, f"{said}，是不是单位填错了？", QUESTION)


def _sums(values: Mapping[Place, int]) -> Iterator[Doubt]:
    for year in sorted({year for _, year in values if year != STANDING}):
        spent = {(n, year): values[n, year] for n in RND_ITEMS if (n, year) in values}
        total = sum(spent.values())
        for whole in ("total_cost", "revenue"):
            place = (whole, year)
            if spent and place in values and total > values[place] > 0:
                shown = fact("revenue").text(total)
                said = f"{year}年研发费用各项合计 {shown}，多于{fact(whole).label} {fact(whole).text(values[place])}"
                yield Doubt((place, *spent), f"{said}，确实如此吗？", QUESTION)
                break
        assets, debts = (("assets", year), ("liabilities", year))
        if assets in values and debts in values and values[debts] > values[assets]:
            short = fact("assets").text(values[debts] - values[assets])
            yield Doubt((assets, debts), f"{year}年净资产为负（-{short}），按实际填写即可；增长率由财务专家核定", NOTE)
