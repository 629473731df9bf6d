"""What an indicator is. A counted one returns records, not a number, so the figure and its list cannot disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

from django.db.models import Count, QuerySet, Sum

from keji.lib.figures import Period


class Kind(Enum):
    STOCK = "存量"  # how many hold at the end of the period
    FLOW = "累计"  # how many came in from 1 January to the end of the period
    REPORTED = "填报"  # what no record here feeds: a figure with evidence


class Indicator:
    """One number the bureau is held to. The docstring of a subclass is the 口径 its readers see."""

    code: ClassVar[str]
    name: ClassVar[str]
    unit: ClassVar[str]
    kind: ClassVar[Kind]
    aliases: ClassVar[tuple[str, ...]] = ()  # how plans call it
    owner: ClassVar[str] = "市科技局"
    rhythm: ClassVar[str] = "每月"
    lag: ClassVar[str] = ""
    places: ClassVar[int] = 0  # decimals shown
    higher_is_better: ClassVar[bool] = True
    adds_up: ClassVar[bool] = True  # the city's figure is the sum of its parts
    opens_on: ClassVar[tuple[int, int] | None] = None  # month, day before which zero is normal (a register's season)
    frozen_monthly: ClassVar[bool] = True

    @classmethod
    def caliber(cls) -> str:
        """The docstring in one line; Chinese lines join without a space between them."""
        return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", " ".join((cls.__doc__ or "").split()))


class Counted(Indicator):
    """Base of indicators whose records are in this house."""

    amount: ClassVar[str] = ""  # column to sum; "" counts rows
    region: ClassVar[str] = "region_id"
    list_url: ClassVar[str] = ""  # the desk whose list shows these records

    def records(self, period: Period) -> QuerySet[Any]:
        """The records that make up the figure at the end of `period`."""
        raise NotImplementedError

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        """For records counted now and not a period ago: 新增, 迟报, 更正 …"""
        return dict.fromkeys(ids, "新增")

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        """For records counted a period ago and not now: 到期, 撤销, 更正 …"""
        return dict.fromkeys(ids, "退出")

    def lapsing(self, period: Period, until: Any) -> dict[str, int]:
        """{region: how many of today's stock end by `until`}; empty for what never expires."""
        return {}

    def members(self, period: Period) -> dict[str, list[int]]:
        """{region: primary keys}, in canonical order."""
        found: dict[str, list[int]] = {}
        for region, pk in self.records(period).order_by(self.region, "pk").values_list(self.region, "pk"):
            found.setdefault(region, []).append(pk)
        return found

    def figures(self, period: Period) -> dict[str, Decimal]:
        """{region: figure} by the database, without fetching a record."""
        rows = self.records(period).order_by().values(self.region)
        rows = rows.annotate(figure=Sum(self.amount) if self.amount else Count("pk"))
        return {row[self.region]: Decimal(row["figure"] or 0) for row in rows}

    def amounts(self, period: Period, members: dict[str, list[int]]) -> dict[str, Decimal]:
        """{region: figure}."""
        if not self.amount:
            return {region: Decimal(len(ids)) for region, ids in members.items()}
        rows = self.records(period).order_by().values(self.region).annotate(total=Sum(self.amount))
        return {row[self.region]: row["total"] or Decimal(0) for row in rows}


class Reported(Indicator):
    """Base of indicators filed as a figure with evidence (研发经费, 财政科技支出 …)."""

    kind = Kind.REPORTED
    adds_up = False
    figure_kind: ClassVar[str] = "month"  # what period one figure covers: month, quarter or year
    skips_january: ClassVar[bool] = False  # January is published together with February

    def period_of(self, period: Period) -> Period | None:
        """The latest period of this indicator's own rhythm that has ended with `period`; None where there is none."""
        if self.figure_kind == "year":
            return Period.whole_year(period.year if period.end.month == 12 else period.year - 1)
        if self.figure_kind == "quarter":
            quarters = period.end.month // 3
            return Period.month(period.year, quarters * 3) if quarters else None  # filed under its last month
        return None if self.skips_january and period.end.month == 1 else period


_catalogue: dict[str, Indicator] = {}


def indicator(cls: type[Indicator]) -> type[Indicator]:
    """Enter a class into the catalogue."""
    for needed in ("code", "name", "unit", "kind"):
        if not hasattr(cls, needed):
            raise TypeError(f"{cls.__name__} has no {needed}")
    if not cls.__doc__:
        raise TypeError(f"{cls.__name__} needs a docstring: it is the 口径 shown to users")
    if cls.code in _catalogue and type(_catalogue[cls.code]) is not cls:
        raise TypeError(f"two indicators are called {cls.code}")
    _catalogue[cls.code] = cls()
    return cls


def catalogue() -> dict[str, Indicator]:
    return _catalogue


def get(code: str) -> Indicator:
    """Raises KeyError for a code the catalogue does not have."""
    return _catalogue[code]


def counted() -> Iterator[Counted]:
    return (i for i in _catalogue.values() if isinstance(i, Counted))


def suggest(subject: str, most: int = 3) -> list[Indicator]:
    """Indicators whose name or alias is nearest to how a plan calls it, best first; [] when none is near."""

    def pairs(text: str) -> set[str]:
        text = "".join(c for c in text if c.isalnum())
        text = re.sub(r"(?<=..)(?:企业)?(?:总)?(?:家)?数$", "", text)  # 毕业企业数 is not near 在孵企业数 for its tail
        return {text[i : i + 2] for i in range(len(text) - 1)}

    wanted = pairs(subject)
    scored = []
    for candidate in _catalogue.values():
        best = 0.0
        for name in (candidate.name, *candidate.aliases):
            have = pairs(name)
            if name and name in subject:
                best = max(best, 0.6 + len(name) / (10 * len(subject)))
            if wanted and have:
                best = max(best, 2 * len(wanted & have) / (len(wanted) + len(have)))
        if best >= 0.45:
            scored.append((-best, candidate.code, candidate))
    return [c for _, _, c in sorted(scored, key=lambda s: s[:2])[:most]]
