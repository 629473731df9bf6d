"""Titles of the made-up firms: stocks that lapse in autumn, batches as the province announces them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keji.kernel.parties.models import Party


@dataclass(frozen=True)
class Batch:
    """Certificates of one kind issued on one day, and the day the counties had reported them."""

    kind: str
    name: str
    issued_on: date
    reported_on: date
    count: int


#: 高企 issued in three earlier years make up the stock; those of 2021 lapse in the autumn of 2024.
HNTE_PAST = (
    Batch("hnte", "2021年第一批", date(2021, 9, 18), date(2021, 12, 6), 124),
    Batch("hnte", "2021年第二批", date(2021, 11, 18), date(2021, 12, 20), 70),
    Batch("hnte", "2022年第一批", date(2022, 10, 18), date(2022, 12, 5), 118),
    Batch("hnte", "2022年第二批", date(2022, 11, 18), date(2022, 12, 19), 97),
    Batch("hnte", "2023年第一批", date(2023, 10, 16), date(2023, 12, 4), 131),
    Batch("hnte", "2023年第二批", date(2023, 11, 30), date(2023, 12, 18), 108),
)
#: (batch, how many of it are firms whose certificate of 2021 is lapsing)
HNTE_2024 = (
    (Batch("hnte", "2024年第一批", date(2024, 10, 29), date(2024, 11, 4), 162), 92),
    (Batch("hnte", "2024年第二批", date(2024, 11, 28), date(2024, 12, 4), 126), 54),
)
SME_2023 = (
    Batch("tech_sme", "2023年第1批", date(2023, 4, 20), date(2023, 5, 8), 210),
    Batch("tech_sme", "2023年第4批", date(2023, 6, 28), date(2023, 7, 6), 388),
    Batch("tech_sme", "2023年第7批", date(2023, 8, 30), date(2023, 9, 5), 341),
    Batch("tech_sme", "2023年第10批", date(2023, 10, 30), date(2023, 11, 6), 252),
)
#: The platform of 2024 opened on 27 June: nothing could be listed before.
SME_2024 = (
    Batch("tech_sme", "2024年第1批", date(2024, 7, 24), date(2024, 7, 29), 176),
    Batch("tech_sme", "2024年第2批", date(2024, 8, 21), date(2024, 8, 27), 423),
    Batch("tech_sme", "2024年第3批", date(2024, 9, 19), date(2024, 9, 26), 467),
    Batch("tech_sme", "2024年第4批", date(2024, 10, 28), date(2024, 11, 4), 391),
)
OTHERS = (
    Batch("innovative_sme", "2023年第二批", date(2023, 6, 30), date(2023, 7, 20), 260),
    Batch("srdi", "2023年", date(2023, 7, 14), date(2023, 8, 1), 118),
    Batch("srdi", "2024年", date(2024, 7, 5), date(2024, 7, 22), 54),
    Batch("little_giant", "第五批", date(2023, 7, 14), date(2023, 8, 1), 14),
)


class Registry:
    """Gives out certificates with numbers of the right shape, never two of a kind to one firm at a time."""

    def __init__(self, chance: random.Random, parties: Sequence[Party]) -> None:
        self.chance, self.parties = chance, list(parties)
        self._holders: dict[str, list[tuple[Party, date]]] = {}
        self._serials: Counter[str] = Counter()

    def give(self, batch: Batch, *, again: int = 0) -> list[dict[str, object]]:
        """Rows for `report_certifications`; `again` of them go to firms whose last one is lapsing."""
        held = self._holders.setdefault(batch.kind, [])
        year = batch.issued_on.year
        lapsing = [p for p, on in held if on.year == year - 3]
        returning = self.chance.sample(lapsing, min(again, len(lapsing)))
        busy = {p.pk for p, on in held if batch.kind != "tech_sme" or on.year == year}
        fresh = [p for p in self.parties if p.pk not in busy]
        chosen = returning + self.chance.sample(fresh, min(batch.count - len(returning), len(fresh)))
        held += [(p, batch.issued_on) for p in chosen]
        return [
            {
                "party": party,
                "kind": batch.kind,
                "certificate_code": self._code(batch.kind, year, party),
                "issued_on": batch.issued_on,
                "batch": batch.name,
            }
            for party in chosen
        ]

    def holder(self, kind: str, year: int) -> Party:
        """The first firm that got a certificate of this kind in that year."""
        return next(party for party, on in self._holders[kind] if on.year == year)

    def _code(self, kind: str, year: int, party: Party) -> str:
        self._serials[f"{kind}{year}"] += 1
        serial = self._serials[f"{kind}{year}"]
        if kind == "hnte":
            return f"GR{year}34{serial:06d}"
        if kind == "tech_sme":
            return f"{year}{(party.division_id or party.region_id)[:6]}08{serial:06d}"
        return f"{kind[:2].upper()}{year}{serial:05d}"
