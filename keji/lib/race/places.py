"""Extra points and places: competition ranks on exact totals, in groups and among all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from keji.lib.figures import to_decimal
from keji.lib.race.functions import shown
from keji.lib.race.levels import Scored, Weighed
from keji.lib.race.run import Placing
from keji.lib.race.scheme import Data, Scheme, Ties, Unit

Bonuses = Mapping[str, tuple[Fraction, tuple[str, ...]]]
Key = tuple[Fraction, ...]


def bonuses_of(scheme: Scheme, data: Data) -> dict[str, tuple[Fraction, tuple[str, ...]]]:
    """{unit: (extra points, sentences)}: only what has evidence counts, each kind up to its limit."""
    claimed: dict[tuple[str, str], Fraction] = {}
    said: dict[str, list[str]] = {u.code: [] for u in data.units}
    titles = {b.code: b for b in scheme.bonuses}
    for award in data.awards:
        bonus = titles[award.bonus]
        if not award.evidence.strip():
            said[award.unit].append(f"“{bonus.title}”没有依据材料，未计。")
            continue
        key = (award.unit, award.bonus)
        claimed[key] = claimed.get(key, Fraction(0)) + bonus.points * award.count
    found = {}
    for unit in data.units:
        total = Fraction(0)
        for bonus in scheme.bonuses:
            points = claimed.get((unit.code, bonus.code), Fraction(0))
            if bonus.most is not None and abs(points) > bonus.most:
                points = bonus.most if points > 0 else -bonus.most
                said[unit.code].append(f"“{bonus.title}”超过上限，按 {shown(points)} 分计。")
            total += points
        found[unit.code] = (total, tuple(said[unit.code]))
    return found


def key_of(scheme: Scheme, total: Fraction, points: Mapping[str, Scored]) -> Key:
    """What decides: the total (as printed, if the scheme says so), then the points that break ties."""
    if scheme.ties is Ties.PRINTED:
        total = Fraction(to_decimal(total, scheme.places))
    breakers = (points[code].points for code in scheme.tie_break)
    return (total, *(Fraction(-1) if p is None else p for p in breakers))


def competition_places(keys: Mapping[str, Key]) -> dict[str, int]:
    """{unit: 1, 2, 2, 4 …}, the greatest key first."""
    found: dict[str, int] = {}
    last: Key | None = None
    place = 0
    for i, (unit, key) in enumerate(sorted(keys.items(), key=lambda item: item[1], reverse=True), start=1):
        if key != last:
            place, last = i, key
        found[unit] = place
    return found


def places_in_groups(units: Sequence[Unit], keys: Mapping[str, Key]) -> dict[str, int]:
    """{unit: place among the ranked units of its group}."""
    groups: dict[str, dict[str, Key]] = {}
    for unit in units:
        if unit.code in keys:
            groups.setdefault(unit.group, {})[unit.code] = keys[unit.code]
    found: dict[str, int] = {}
    for members in groups.values():
        found.update(competition_places(members))
    return found


def placings_of(
    scheme: Scheme,
    data: Data,
    totals: Mapping[str, Weighed],
    points: Mapping[str, Mapping[str, Scored]],
    bonuses: Bonuses,
) -> tuple[Placing, ...]:
    """Every unit's place; by group, best first, equal ones in the order of the data, those without a place last.

    `points`: unit → indicator → how it scored.
    """
    sums = {u: t.total + bonuses[u][0] for u, t in totals.items() if t.total is not None}
    keys = {u: key_of(scheme, total, points[u]) for u, total in sums.items()}
    here, overall = places_in_groups(data.units, keys), competition_places(keys)
    found = []
    for unit in data.units:
        code, weighed, (bonus, said) = unit.code, totals[unit.code], bonuses[unit.code]
        missing = tuple(i.code for i in scheme.indicators if data.figure(code, i.code).value is None)
        total, place, before = sums.get(code), here.get(code), data.before.get(code)
        change = before - place if before is not None and place is not None else None
        printed = None if total is None else to_decimal(total, scheme.places)
        note = "；".join(s.rstrip("。") for s in (weighed.note, *said) if s)
        found.append(
            Placing(
                code, unit.group, weighed.total, bonus, total, printed, place, overall.get(code), change, missing, note
            )
        )
    order = {g.code: i for i, g in enumerate(scheme.groups)}
    last = len(data.units) + 1
    return tuple(sorted(found, key=lambda s: (order.get(s.group, -1), s.place or last)))
