"""What a race is scored by: indicators in a tree of levels, groups of units, extra points. Plain values, no figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Given = int | str | Decimal | Fraction


def exact(value: Given) -> Fraction:
    """The number exactly as it was given. TypeError for a float or bool: its digits are not what was typed."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal | Fraction):
        raise TypeError(f"{type(value).__name__} has no exact figures, use int, str, Decimal or Fraction")
    return Fraction(value)


def maybe(value: Given | None) -> Fraction | None:
    return None if value is None else exact(value)


class Direction(StrEnum):
    MORE = "more"
    LESS = "less"

    @property
    def word(self) -> str:
        return "正向" if self is Direction.MORE else "逆向"


class Missing(StrEnum):
    """What a figure nobody filed does to the total."""

    NOTHING = "nothing"
    SHARED = "shared"
    NO_TOTAL = "no_total"
    MEAN = "mean"
    LOWEST = "lowest"

    @property
    def word(self) -> str:
        return _MISSING_WORDS[self]


_MISSING_WORDS = {
    Missing.NOTHING: "不得分，权重不变",
    Missing.SHARED: "不计入，权重按比例分给其余指标",
    Missing.NO_TOTAL: "不计总分，不排名",
    Missing.MEAN: "按同组平均得分计",
    Missing.LOWEST: "按同组最低得分计",
}


class Aggregation(StrEnum):
    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"

    @property
    def word(self) -> str:
        return "加权平均" if self is Aggregation.ARITHMETIC else "加权几何平均"


class Ties(StrEnum):
    """When two totals are equal: in every digit there is, or in the digits that are printed."""

    EXACT = "exact"
    PRINTED = "printed"


@dataclass(frozen=True)
class Treatment:
    """What is done to outliers before scoring; see `treatment.treat`.

    `most`: at most so many values are drawn in. `skew`, `kurtosis`: the sample is treated while both |skewness| and
    kurtosis lie above these. `log`: when drawing in `most` values is not enough, take logarithms instead.
    """

    most: int = 5
    skew: Fraction = Fraction(2)
    kurtosis: Fraction = Fraction(7, 2)
    log: bool = True


@dataclass(frozen=True)
class Indicator:
    """One number that is scored.

    `function`: a code of `functions.FUNCTIONS`; `parameters` are its own (standard, base, x_bad …). `weight`: share of
    its level, None when nobody has said (reported by `problems`). `cap`, `floor`: limits of the points. `step`: the
    smallest change the figure can show (0.1 of a percentage, 1 firm). `limit`: the best value that can be reached at
    all, used by `moves`. `unit`: as printed, `%` for figures in per cent.
    """

    code: str
    title: str
    unit: str = ""
    direction: Direction = Direction.MORE
    weight: Fraction | None = None
    function: str = "MINMAX"
    parameters: Mapping[str, Fraction] = field(default_factory=dict)
    cap: Fraction | None = None
    floor: Fraction | None = None
    missing: Missing = Missing.NOTHING
    treatment: Treatment | None = None
    step: Fraction = Fraction(1, 100)
    limit: Fraction | None = None


@dataclass(frozen=True)
class Level:
    """A node of the tree: its parts, their weights, how they become one.

    `whole`: what the weights of the parts add up to (1, or 100 for points of a hundred); None when they are only in
    proportion to each other, and are divided by their sum.
    """

    code: str
    title: str
    parts: tuple[Level | Indicator, ...]
    weight: Fraction | None = None
    aggregation: Aggregation = Aggregation.ARITHMETIC
    whole: Fraction | None = Fraction(1)

    def indicators(self) -> Iterator[Indicator]:
        """Every indicator below, in the order of the scheme."""
        for part in self.parts:
            if isinstance(part, Indicator):
                yield part
            else:
                yield from part.indicators()

    def levels(self) -> Iterator[Level]:
        """Every level below and this one, parts before the whole."""
        for part in self.parts:
            if isinstance(part, Level):
                yield from part.levels()
        yield self

    def shares(self) -> tuple[Fraction, ...]:
        """The weights of the parts as shares of one. ValueError when one is missing or nothing is left to divide by."""
        given = [part.weight for part in self.parts]
        known = [w for w in given if w is not None]
        whole = sum(known, Fraction(0)) if self.whole is None else self.whole
        if len(known) < len(given) or whole <= 0:
            raise ValueError(f"“{self.title}”的权重不完整，请逐项填写。")
        return tuple(w / whole for w in known)


@dataclass(frozen=True)
class Group:
    """Units that are ranked among themselves."""

    code: str
    title: str


@dataclass(frozen=True)
class Bonus:
    """Extra points an item of evidence brings; below zero for a penalty. `most`: how far from 0 the sum may go."""

    code: str
    title: str
    points: Fraction
    most: Fraction | None = None


@dataclass(frozen=True)
class Scheme:
    """One edition of how the race is scored.

    `groups`: in the order printed; empty when all units race together. `across`: scores compare with all units, not
    only with the own group (places are always inside the group, with an overall place beside). `places`: decimals of a
    printed score. `tie_break`: indicators whose points decide between equal totals, the first first.
    """

    code: str
    title: str
    edition: str
    root: Level
    groups: tuple[Group, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    across: bool = False
    places: int = 2
    ties: Ties = Ties.EXACT
    tie_break: tuple[str, ...] = ()

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(self.root.indicators())

    def weights(self) -> dict[str, Fraction]:
        """{indicator code: its share of the whole total}, when no figure is missing."""
        return dict(_weights(self.root, Fraction(1)))


def _weights(level: Level, weight: Fraction) -> Iterator[tuple[str, Fraction]]:
    for part, share in zip(level.parts, level.shares(), strict=True):
        if isinstance(part, Level):
            yield from _weights(part, weight * share)
        else:
            yield part.code, weight * share


@dataclass(frozen=True)
class Unit:
    code: str
    title: str
    group: str = ""


@dataclass(frozen=True)
class Figure:
    """What one unit filed for one indicator. `base`: of the period before (GROWTH, BASE_INDEX), or the place before
    (PROGRESS); `target`: what it was held to (TARGET_RATE). `value` None: not filed, `note` may say why."""

    value: Fraction | None = None
    base: Fraction | None = None
    target: Fraction | None = None
    note: str = ""


@dataclass(frozen=True)
class Award:
    """A bonus or penalty claimed for a unit. Without `evidence` (a paper's name and number) it is not counted."""

    unit: str
    bonus: str
    count: Fraction = Fraction(1)
    evidence: str = ""


@dataclass(frozen=True)
class Data:
    """The figures of one period. `version` names them for ever: a revised figure makes another version.

    `figures`: unit code → indicator code → figure. `before`: unit code → place in its group the last time.
    """

    version: str
    period: str
    units: tuple[Unit, ...]
    figures: Mapping[str, Mapping[str, Figure]]
    awards: tuple[Award, ...] = ()
    before: Mapping[str, int] = field(default_factory=dict)

    def figure(self, unit: str, indicator: str) -> Figure:
        return self.figures.get(unit, {}).get(indicator, Figure())
