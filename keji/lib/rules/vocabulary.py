"""The words rules are written in: every fact by one name, with its unit and whether it belongs to a year.

Values are integers in the fact's smallest step: money in 元, counts in pieces, areas in 平方米 × 10 ** places,
dates as day numbers, yes and no as 1 and 0. So they are exact, and the same in a row, a form and a column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any


class Kind(Enum):
    MONEY = "金额"  # integer 元, read as 万元
    COUNT = "数量"
    NUMBER = "数值"  # a decimal with `places`
    YES_NO = "是否"
    CHOICE = "选项"
    DATE = "日期"


@dataclass(frozen=True)
class Unit:
    """How an integer reads: divided by `per`, with at most `places` decimals, followed by `word`."""

    word: str
    per: int = 1
    places: int = 0

    def show(self, value: int, per: int = 1) -> str:
        """`value / per` in this unit; trailing zeros are dropped."""
        return f"{decimals(value, self.per * per, self.places)} {self.word}".rstrip()

    def reader(self, per: int = 1) -> Callable[[int], str]:
        """`show` for many values over one `per`."""
        per, places, word = self.per * per, self.places, f" {self.word}".rstrip()
        return lambda value: decimals(value, per, places) + word


def decimals(value: int, per: int, places: int) -> str:
    """value / per with thousands separators, rounded half up to `places`, without trailing zeros."""
    whole, rest = divmod(value if value >= 0 else -value, per)
    tail = ""
    if rest:
        shift = _SHIFTS[places]
        steps = (2 * rest * shift + per) // (2 * per)
        if steps == shift:
            whole += 1
        elif steps:
            tail = _tail(steps, places)
    text = f"{whole:,}" if whole >= 1000 else str(whole)
    return f"-{text}{tail}" if value < 0 and (whole or tail) else text + tail


_SHIFTS = tuple(10**places for places in range(20))


@lru_cache(maxsize=20_000)
def _tail(part: int, places: int) -> str:
    """What stands behind the whole number; there are at most 10,000 of them for an amount in 万元."""
    return f".{part:0{places}d}".rstrip("0")


PARTY = "party"  # the usual subject of facts and rules: one unit

MONEY = Unit("万元", 10_000, 4)
PERCENT = Unit("%")  # a share: shown × 100 with two decimals
PIECES = Unit("项")


@dataclass(frozen=True)
class Fact:
    """One thing that can be known of a party, by the year or as it stands."""

    name: str
    label: str
    kind: Kind = Kind.COUNT
    unit: str = ""
    group: str = "基本情况"
    annual: bool = True
    places: int = 0  # of a NUMBER
    choices: Mapping[int, str] = field(default_factory=dict)
    months: int = 0  # how long a standing fact holds after it was stated; 0: until something else is stated
    help: str = ""  # 口径
    about: str = PARTY  # whose fact it is, as a rule says whose facts it reads; only a party's are stated by people
    enough: int = 0  # beyond this no rule asks for more: a firm that is a day older need not be judged again

    @property
    def reads(self) -> Unit:
        if self.kind is Kind.MONEY:
            return MONEY
        return Unit(self.unit, 10**self.places, self.places)

    def store(self, value: Any) -> int | None:
        """The integer for what people write. Money comes in 元. Raises ValueError for what does not fit the fact."""
        if value is None or value == "":
            return None
        if self.kind is Kind.DATE:
            return int(value.toordinal())
        if self.kind is Kind.YES_NO:
            return int(bool(value))
        number = Decimal(value) * (10**self.places if self.kind is Kind.NUMBER else 1)
        if number != number.to_integral_value():
            raise ValueError(f"“{self.label}”最多保留{self.places}位小数" if self.places else f"“{self.label}”应是整数")
        if self.kind is Kind.CHOICE and int(number) not in self.choices:
            raise ValueError(f"“{self.label}”没有这个选项")
        return int(number)

    def plain(self, value: int | None) -> Any:
        """What people write, from the integer: Decimal 元, int, bool or date; None stays None."""
        if value is None:
            return None
        if self.kind is Kind.DATE:
            return date.fromordinal(value)
        if self.kind is Kind.YES_NO:
            return bool(value)
        return Decimal(value) / 10**self.places if self.kind is Kind.NUMBER else value

    def text(self, value: int | None) -> str:
        """The value as a sentence carries it."""
        if value is None:
            return "资料不足"
        if self.kind is Kind.YES_NO:
            return "是" if value else "否"
        if self.kind is Kind.CHOICE:
            return self.choices.get(value, "未知选项")
        if self.kind is Kind.DATE:
            day = date.fromordinal(value)
            return f"{day.year}年{day.month}月{day.day}日"
        return self.reads.show(value)


_facts: dict[str, Fact] = {}


def declare(*facts: Fact) -> None:
    """Enter facts into the vocabulary. Raises TypeError when a name is taken by another fact."""
    for fact in facts:
        if _facts.setdefault(fact.name, fact) != fact:
            raise TypeError(f"two facts are called {fact.name}")


def fact(name: str) -> Fact:
    """Raises KeyError for a name nobody declared."""
    return _facts[name]


def facts() -> Mapping[str, Fact]:
    return _facts


def key_of(name: str, back: int = 0) -> str:
    """The name of a fact `back` years before the year of the case: "revenue-1"; a standing fact has none."""
    return f"{name}-{back}" if back else name
