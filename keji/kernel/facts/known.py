"""What rules read: facts of one unit or of many, stated ones and those other registers answer for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.db.models import QuerySet

from keji.kernel.facts.models import STANDING, FactFile
from keji.lib.rules import vocabulary

#: (units, day) → {unit: integer}; a unit left out is not known.
Provider = Callable[[Sequence[int], date], Mapping[int, int]]
Holders = Callable[[date], QuerySet[Any]]
_derived: dict[str, Provider] = {}
_holders: dict[str, Holders] = {}
SLICE = 900  # units asked about at once: SQLite takes no more than a thousand parameters


def derived(name: str, *, holders: Holders | None = None) -> Callable[[Provider], Provider]:
    """Mark what answers for a standing fact from records: a certificate runs out, a tick in a form does not.

    Where it answers, it goes before what was stated. `holders` finds those of whom it is true, out of everybody, as a
    query of party keys: asking of every unit in turn takes seconds in a large city.
    """

    def enter(provider: Provider) -> Provider:
        vocabulary.fact(name)
        if name in _derived and _derived[name] is not provider:
            raise TypeError(f"two registers answer for {name}")
        _derived[name] = provider
        if holders is not None:
            _holders[name] = holders
        return provider

    return enter


def is_derived(name: str) -> bool:
    return name in _derived


def answered(name: str, parties: Sequence[int], on: date) -> dict[int, int]:
    """What the register behind a derived fact answers, whatever anybody states. Raises KeyError where none does."""
    found: dict[int, int] = {}
    for start in range(0, len(parties), SLICE):
        found |= _derived[name](parties[start : start + SLICE], on)
    return found


def holders_of(name: str, on: date) -> QuerySet[Any] | None:
    """Keys of all units of whom a derived yes-or-no fact is true; None where its register can only be asked of some."""
    return _holders[name](on) if name in _holders else None


def known(party: int, year: int, on: date, keys: Iterable[str] | None = None) -> dict[str, int]:
    """{key: integer} of one unit for a case of `year` judged on `on`; keys as `vocabulary.key_of` makes them."""
    return known_of([party], year, on, keys)[party]


def known_of(
    parties: Sequence[int], year: int, on: date, keys: Iterable[str] | None = None
) -> dict[int, dict[str, int]]:
    """The same for many units. `keys` limits what is asked for; None: all that is stated of the last three years."""
    wanted = None if keys is None else set(keys)
    backs = {0, 1, 2, 3} if wanted is None else {int(k.partition("-")[2] or 0) for k in wanted}
    found: dict[int, dict[str, int]] = {p: {"year": year} for p in parties}
    years = {STANDING if back == 0 else year - back: back for back in backs | {0}}
    for start in range(0, len(parties), SLICE):
        some = parties[start : start + SLICE]
        rows = FactFile.objects.filter(party__in=some, year__in=years).values_list("party_id", "year", "values")
        for party, of, values in rows:
            back = years[of]
            into = found[party]
            for name, value in values.items():
                key = vocabulary.key_of(name, back)
                if wanted is None or key in wanted:
                    into[key] = value
        for name, provider in _derived.items():
            if wanted is None or name in wanted:
                for party, value in provider(some, on).items():
                    found[party][name] = value
    return found


def columns_of(parties: Sequence[int], year: int, on: date, keys: Sequence[str]) -> dict[str, Any]:
    """{key: float64 column, NaN for unknown}, row i for parties[i]. The same answers as `known_of`."""
    found = {key: np.full(len(parties), np.nan) for key in keys}
    place = {party: i for i, party in enumerate(parties)}
    names: dict[int, list[str]] = {}  # year of a file → what is wanted of it
    for key in keys:
        name, _, back = key.partition("-")
        names.setdefault(year - int(back) if back else STANDING, []).append(name)
    for files in _files(parties, names):
        rows: dict[int, list[int]] = {of: [] for of in names}
        values: dict[int, list[list[int | None]]] = {of: [] for of in names}
        for party, of, said in files:
            if (row := place.get(party)) is not None:
                rows[of].append(row)
                values[of].append([said.get(name) for name in names[of]])
        for of, wanted in names.items():
            table = np.array(values[of], dtype=float).reshape(-1, len(wanted))
            for name, column in zip(wanted, table.T, strict=True):
                found[vocabulary.key_of(name, year - of if of else 0)][rows[of]] = column
    for name in _derived:
        if name in found:
            for party, value in answered(name, parties, on).items():
                found[name][place[party]] = value
    return found


def _files(parties: Sequence[int], years: Iterable[int]) -> Iterator[Iterable[tuple[int, int, dict[str, int]]]]:
    """(unit, year, values), some at a time. Where units stand close together, their neighbours' files come as well."""
    files = FactFile.objects.filter(year__in=list(years)).order_by().values_list("party_id", "year", "values")
    for start in range(0, len(parties), SLICE):
        some = parties[start : start + SLICE]
        first, last = min(some), max(some)
        close = last - first < 2 * len(some)
        yield files.filter(party__gte=first, party__lte=last) if close else files.filter(party__in=some)
