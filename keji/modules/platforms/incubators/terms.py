"""The dated numbers incubation is judged by. They are rows the bureau can change, never constants here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import plain_date
from keji.lib.months import add_months

#: Parameter names; seeded from regulations/incubator_parameters.toml.
PREFIXES = ("tenant.", "graduation.", "incubator.", "makerspace.")
LONG_STAY = ("circuits", "biomedicine", "agriculture")


@dataclass(frozen=True)
class Term:
    """One number in force: what it is, where it stands, and whether somebody has read the text."""

    value: Decimal
    label: str
    unit: str
    cites: str
    certain: bool

    @property
    def exact(self) -> Fraction:
        return Fraction(self.value)

    @property
    def source(self) -> str:
        return self.cites if self.certain or "待核" in self.cites else f"{self.cites}（待核）"


class Terms:
    """Every number as it stands on a day, asked once. Raises LookupError for one that is not in force."""

    def __init__(self, on: date) -> None:
        self.on = on
        wanted = Q()
        for prefix in PREFIXES:
            wanted |= Q(name__startswith=prefix)
        rows = ParameterValue.objects.filter(wanted, from_on__lte=on, state=ParameterValue.State.IN_FORCE)
        self._known = {
            row.name: Term(row.value, row.label, row.unit, row.cites, row.certain) for row in rows.order_by("from_on")
        }

    def __getitem__(self, name: str) -> Term:
        if name not in self._known:
            raise LookupError(f"参数 {name} 在{plain_date(self.on)}没有生效的数值")
        return self._known[name]

    def find(self, name: str) -> Term | None:
        """The number, or None while there is none: law that had not come into force."""
        return self._known.get(name)

    @property
    def numbers(self) -> dict[str, Fraction]:
        """{name: number} as rules ask for them."""
        return {name: term.exact for name, term in self._known.items()}

    def count(self, name: str) -> int:
        return int(self[name].value)

    def months_for(self, field: str, kind: str) -> int:
        """How long a tenant of this field may stay in a house of this kind."""
        if kind == "makerspace":
            return self.count("makerspace.stay_months")
        return self.count("tenant.months_long" if field in LONG_STAY else "tenant.months")

    def due_on(self, entered_on: date, field: str, kind: str) -> date:
        """The last day within the time a tenant may stay."""
        return add_months(entered_on, self.months_for(field, kind))

    def last_entry_day(self, established_on: date) -> date:
        """The last day on which a firm founded then may still enter."""
        return add_months(established_on, self.count("tenant.age_months"))
