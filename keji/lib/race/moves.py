"""What would move a unit one place up: for each indicator the smallest change of its figure that does, exactly.

The figure is moved by whole steps of the indicator towards its better side, everybody is scored again, and the smallest
number of steps with a better place is found by halving: no scoring function makes a better figure a worse place. (The
treatment of outliers may; then what is found moves the unit up, but fewer steps might.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from keji.lib.figures import format_number
from keji.lib.race.levels import Scored, total_of
from keji.lib.race.places import Key, bonuses_of, key_of
from keji.lib.race.run import Run
from keji.lib.race.scheme import Data, Direction, Indicator
from keji.lib.race.scoring import column_of, compared
from keji.lib.race.whatif import ends_of


@dataclass(frozen=True)
class Move:
    """`value` → `needed` moves the unit from `place` to `gained` (smaller). `change` = needed − value, in the unit of
    the figure. `needed` None: no feasible figure of this indicator alone is enough, `sentence` says why.
    """

    unit: str
    indicator: str
    value: Fraction | None
    needed: Fraction | None
    change: Fraction | None
    place: int
    gained: int | None
    sentence: str


def moves_up(run: Run, unit: str) -> tuple[Move, ...]:
    """One move per indicator, easiest first (against the spread of the group's figures), impossible ones last.

    Feasible is a figure up to the indicator's `limit`; without one up to the best among the units compared (for rates
    and growth: the best rate), the standard, the target or the figure of full points, whichever is furthest. Empty for
    a unit without a place or in the first place. KeyError for a unit that is not in the race.
    """
    placing = run.placing(unit)
    if placing.place is None or placing.place == 1:
        return ()
    trial = _Trial(run, unit, placing.place)
    found = [(trial.ease(m), i, m) for i, m in enumerate(trial.move(x) for x in run.scheme.indicators)]
    return tuple(m for _, _, m in sorted(found, key=lambda item: item[:2]))


class _Trial:
    """The race with one figure moved, everything that does not change kept."""

    def __init__(self, run: Run, unit: str, place: int) -> None:
        self.run, self.unit, self.place = run, unit, place
        self.scheme, self.data = run.scheme, run.data
        self.title = next(u.title for u in run.data.units if u.code == unit)
        group = next(u.group for u in run.data.units if u.code == unit)
        self.rivals = [u.code for u in run.data.units if u.group == group]
        self.bonuses = bonuses_of(self.scheme, self.data)
        self.points = {
            u: {c: Scored(x.treated, x.points, x.filled, x.note) for c, x in cells.items()}
            for u, cells in run.cells.items()
        }
        self.keys = {u: self._key(u, self.points[u]) for u in self.rivals}

    def _key(self, unit: str, points: dict[str, Scored]) -> Key | None:
        total, _ = total_of(self.scheme, points)
        return None if total is None else key_of(self.scheme, total + self.bonuses[unit][0], points)

    def place_with(self, indicator: Indicator, value: Fraction) -> int:
        column = column_of(self.scheme, _with(self.data, self.unit, indicator.code, value), indicator)
        keys = dict(self.keys)
        for unit in self.rivals:
            if column[unit].points != self.points[unit][indicator.code].points:
                keys[unit] = self._key(unit, self.points[unit] | {indicator.code: column[unit]})
        own = keys[self.unit]
        assert own is not None  # it has a place now, and a better figure takes none away
        return 1 + sum(k is not None and k > own for k in keys.values())

    def move(self, indicator: Indicator) -> Move:
        value = self.data.figure(self.unit, indicator.code).value
        if value is None:
            return self._none(indicator, None, "数据还没有报送，先补报")
        sign = 1 if indicator.direction is Direction.MORE and indicator.function != "PROGRESS" else -1
        most = int((self._limit(indicator, sign) - value) * sign / indicator.step)
        if most <= 0:
            return self._none(indicator, value, "已是可达到的最好值")
        if self.place_with(indicator, value + sign * most * indicator.step) >= self.place:
            best = _said(value + sign * most * indicator.step, indicator)
            return self._none(indicator, value, f"单靠这一项，即使达到 {best} 也不能进位")
        low, high = 0, most  # `low` steps do not help, `high` do
        while high - low > 1:
            middle = (low + high) // 2
            if self.place_with(indicator, value + sign * middle * indicator.step) < self.place:
                high = middle
            else:
                low = middle
        needed = value + sign * high * indicator.step
        gained = self.place_with(indicator, needed)
        change = needed - value
        unit = "个百分点" if indicator.unit == "%" else indicator.unit
        way = "提高" if change > 0 else "降低"
        sentence = (
            f"{self.title}的{indicator.title}由 {_said(value, indicator)} {way}到 {_said(needed, indicator)}"
            f"（{way} {_number(abs(change))}{unit}），其他不变，由第 {self.place} 名升到第 {gained} 名。"
        )
        return Move(self.unit, indicator.code, value, needed, change, self.place, gained, sentence)

    def _none(self, indicator: Indicator, value: Fraction | None, why: str) -> Move:
        sentence = f"{self.title}的{indicator.title}：{why}。"
        return Move(self.unit, indicator.code, value, None, None, self.place, None, sentence)

    def _compared(self, indicator: Indicator) -> list[Fraction]:
        units = next(g for g in compared(self.scheme, self.data) if any(u.code == self.unit for u in g))
        values = (self.data.figure(u.code, indicator.code).value for u in units)
        return [v for v in values if v is not None]

    def _limit(self, indicator: Indicator, sign: int) -> Fraction:
        if indicator.limit is not None:
            return indicator.limit
        if indicator.function == "PROGRESS":
            return Fraction(1)
        own = self.data.figure(self.unit, indicator.code)
        assert own.value is not None
        reached = [own.value]
        ends = ends_of(self.run, self.unit, indicator)
        if ends is not None:
            reached.append(ends[1])
        reached += [indicator.parameters[k] for k in ("standard", "target", "x_good") if k in indicator.parameters]
        if indicator.function == "TARGET_RATE" and own.target is not None:
            reached.append(own.target)
        return max(reached) if sign > 0 else min(reached)

    def ease(self, move: Move) -> Fraction:
        """The change against the spread of the figures: what may be compared between indicators."""
        if move.change is None:
            return Fraction(10**30)
        indicator = next(i for i in self.scheme.indicators if i.code == move.indicator)
        values = self._compared(indicator)
        return abs(move.change) / ((max(values) - min(values)) or 1)


def _with(data: Data, unit: str, indicator: str, value: Fraction) -> Data:
    row = dict(data.figures.get(unit, {}))
    row[indicator] = replace(data.figure(unit, indicator), value=value)
    return replace(data, figures={**data.figures, unit: row})


def _number(value: Fraction) -> str:
    return format_number(value, places=None if (value * 10**6).denominator == 1 else 4)


def _said(value: Fraction, indicator: Indicator) -> str:
    return f"{_number(value)}{indicator.unit}"
