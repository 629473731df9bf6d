"""One unit's points through the tree of levels: shares, values, and what of the total is due to each indicator.

A weighted geometric mean is irrational; its value is defined here as rounded to GEOMETRIC_PLACES decimals, so that a
tie is a tie on every machine. Everything else is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from keji.lib.race.scheme import Aggregation, Indicator, Level, Missing, Scheme

GEOMETRIC_PLACES = 40
_CONTEXT = Context(prec=80)
Value = Fraction | None


@dataclass(frozen=True)
class Scored:
    """One unit at one indicator before weighing. `filled`: the points stand for a figure that is missing."""

    treated: Value
    points: Value
    filled: bool = False
    note: str = ""


@dataclass(frozen=True)
class Weighed:
    """A unit's levels, total (None: not ranked, with `note`), and the weight and contribution of each indicator."""

    levels: Mapping[str, Value]
    total: Value
    weights: Mapping[str, Fraction]
    contributions: Mapping[str, Fraction]
    note: str = ""


def weigh(scheme: Scheme, cells: Mapping[str, Scored]) -> Weighed:
    """One unit's points through the tree of levels. `cells`: indicator code → how it scored."""
    nothing = {i.code: Fraction(0) for i in scheme.indicators}
    levels: dict[str, Value] = {}
    shares: dict[str, tuple[Fraction, ...]] = {}
    total, note = total_of(scheme, cells, levels, shares)
    if total is None:
        return Weighed(levels, None, nothing, nothing, note)
    weights, contributions = dict(nothing), dict(nothing)
    _spread(scheme.root, Fraction(1), total, levels, cells, shares, weights, contributions)
    return Weighed(levels, total, weights, contributions)


def total_of(
    scheme: Scheme,
    cells: Mapping[str, Scored],
    levels: dict[str, Value] | None = None,
    shares: dict[str, tuple[Fraction, ...]] | None = None,
) -> tuple[Value, str]:
    """(total, "") or (None, why there is none). Fills in the value of each level, and the shares of its parts."""
    levels, shares = {} if levels is None else levels, {} if shares is None else shares
    fine = _value_of(scheme.root, cells, levels, shares)
    missing = [i for i in scheme.indicators if cells[i.code].points is None]
    stop = [i.title for i in missing if i.missing is Missing.NO_TOTAL]
    if len(missing) == len(scheme.indicators):
        return None, "没有可计分的数据，不排名"
    if stop:
        return None, f"缺少{'、'.join(stop)}，不计总分，不排名"
    if not fine:
        return None, "几何平均要求各项得分不为负，不能计总分，不排名"
    total = levels[scheme.root.code]
    return total, "" if total is not None else "有数据的指标权重都是零，不排名"


def _part_value(part: Level | Indicator, cells: Mapping[str, Scored], levels: Mapping[str, Value]) -> Value:
    if isinstance(part, Level):
        return levels[part.code]
    points = cells[part.code].points
    return Fraction(0) if points is None and part.missing is Missing.NOTHING else points


def _value_of(
    level: Level,
    cells: Mapping[str, Scored],
    levels: dict[str, Value],
    shares: dict[str, tuple[Fraction, ...]],
) -> bool:
    """Fill in the values of this level and those below, and the shares its parts have for this unit.

    False when a geometric mean met a value below zero: then there is no total, which is more than a missing part.
    """
    fine = True
    for part in level.parts:
        if isinstance(part, Level):
            fine = _value_of(part, cells, levels, shares) and fine
    values = [_part_value(part, cells, levels) for part in level.parts]
    present = [w if v is not None else Fraction(0) for w, v in zip(level.shares(), values, strict=True)]
    whole = sum(present, Fraction(0))
    if not whole:  # nothing below counts: the level itself is missing, or all its weights are nought
        levels[level.code], shares[level.code] = None, tuple(present)
        return fine
    own = tuple(w / whole for w in present)
    shares[level.code] = own
    there = [(w, v) for w, v in zip(own, values, strict=True) if v is not None and w]
    if level.aggregation is Aggregation.ARITHMETIC:
        levels[level.code] = sum((w * v for w, v in there), Fraction(0))
    else:
        levels[level.code] = geometric(there)
        fine = fine and levels[level.code] is not None
    return fine


def geometric(parts: Sequence[tuple[Fraction, Fraction]]) -> Value:
    """The weighted geometric mean of (share, value), shares adding up to one, to GEOMETRIC_PLACES decimals.

    None when a value is below zero. Equal values give that value, and a value of zero gives zero.
    """
    if any(v < 0 for _, v in parts):
        return None
    if any(v == 0 for _, v in parts):
        return Fraction(0)
    if len({v for _, v in parts}) == 1:
        return parts[0][1]
    logs = Decimal(0)
    for share, value in parts:
        log = _CONTEXT.ln(_decimal(value))
        logs = _CONTEXT.add(logs, _CONTEXT.multiply(_decimal(share), log))
    return Fraction(_CONTEXT.exp(logs).quantize(Decimal(1).scaleb(-GEOMETRIC_PLACES), context=_CONTEXT))


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _spread(
    level: Level,
    weight: Fraction,
    due: Fraction,
    levels: Mapping[str, Value],
    cells: Mapping[str, Scored],
    shares: Mapping[str, tuple[Fraction, ...]],
    weights: dict[str, Fraction],
    contributions: dict[str, Fraction],
) -> None:
    """Hand the level's weight and points down. Under a geometric mean points are due in proportion to share × value."""
    values = [_part_value(part, cells, levels) or Fraction(0) for part in level.parts]
    products = [w * v for w, v in zip(shares[level.code], values, strict=True)]
    whole = sum(products, Fraction(0))
    for part, share, product in zip(level.parts, shares[level.code], products, strict=True):
        part_due = due * product / whole if whole else Fraction(0)
        if isinstance(part, Level):
            _spread(part, weight * share, part_due, levels, cells, shares, weights, contributions)
        else:
            weights[part.code], contributions[part.code] = weight * share, part_due
