"""The same race with other figures: one changed, or those still missing anywhere between worst and best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from keji.lib.race.run import Run
from keji.lib.race.scheme import Direction, Figure, Indicator
from keji.lib.race.scoring import compared, score

MOST_CORNERS = 5  # with more figures missing only the two extremes are tried: all worst, all best


@dataclass(frozen=True)
class Late:
    """Places a unit can have once missing figures come in: `best` and `worst` of what was tried. `place`: today's."""

    unit: str
    place: int | None
    best: int
    worst: int

    @property
    def settled(self) -> bool:
        return self.place == self.best == self.worst


def what_if(run: Run, changes: Mapping[tuple[str, str], Fraction | None]) -> Run:
    """The run with figures replaced: (unit code, indicator code) → value, None for missing.

    Bases and targets stay. KeyError for a unit or indicator that is not in the race.
    """
    units, indicators = {u.code for u in run.data.units}, {i.code for i in run.scheme.indicators}
    figures = {u: dict(row) for u, row in run.data.figures.items()}
    for (unit, indicator), value in changes.items():
        if unit not in units or indicator not in indicators:
            raise KeyError((unit, indicator))
        figures.setdefault(unit, {})[indicator] = replace(run.data.figure(unit, indicator), value=value)
    if not changes:
        return run
    version = run.data.version.removesuffix("（假设）") + "（假设）"
    return score(run.scheme, replace(run.data, figures=figures, version=version))


def when_late_arrive(run: Run, unit: str) -> tuple[Late, ...]:
    """How everybody's place may change when the unit's missing figures come in, each the worst or the best of those
    compared with it (rates and growth: the worst or best rate, on the unit's own base or target).

    Empty when nothing is missing or nobody else filed. In the order of the placings. KeyError for a strange unit.
    """
    run.placing(unit)
    ends = {
        i.code: found
        for i in run.scheme.indicators
        if run.data.figure(unit, i.code).value is None and (found := ends_of(run, unit, i)) is not None
    }
    if not ends:
        return ()
    sides = product((0, 1), repeat=len(ends)) if len(ends) <= MOST_CORNERS else ((s,) * len(ends) for s in (0, 1))
    places: dict[str, list[int]] = {}
    for corner in sides:
        values = {(unit, code): pair[s] for (code, pair), s in zip(ends.items(), corner, strict=True)}
        for placing in what_if(run, values).placings:
            if placing.place is not None:
                places.setdefault(placing.unit, []).append(placing.place)
    return tuple(
        Late(s.unit, s.place, min(places[s.unit]), max(places[s.unit])) for s in run.placings if s.unit in places
    )


def ends_of(run: Run, unit: str, indicator: Indicator) -> tuple[Fraction, Fraction] | None:
    """The unit's figure at the worst and at the best of those compared with it; None when there is nothing to go by.

    For rates and growth: the worst and the best rate of the others on the unit's own base or target.
    """
    group = next(g for g in compared(run.scheme, run.data) if any(u.code == unit for u in g))
    others = [run.data.figure(u.code, indicator.code) for u in group if u.code != unit]
    own = run.data.figure(unit, indicator.code)
    part = _REFERENCE.get(indicator.function)
    if part is None or indicator.parameters.get(part) is not None:
        known = [f.value for f in others if f.value is not None]
    else:
        mine = getattr(own, part)
        if mine is None:
            return None
        if indicator.parameters.get("points_change"):
            known = [mine + f.value - b for f in others if f.value is not None and (b := _part(f, part)) is not None]
        else:
            known = [mine * f.value / b for f in others if f.value is not None and (b := _part(f, part))]
    if not known:
        return None
    low, high = min(known), max(known)
    more = indicator.direction is Direction.MORE and indicator.function != "PROGRESS"
    return (low, high) if more else (high, low)


_REFERENCE = {"TARGET_RATE": "target", "BASE_INDEX": "base", "GROWTH": "base"}


def _part(figure: Figure, name: str) -> Fraction | None:
    return figure.base if name == "base" else figure.target
