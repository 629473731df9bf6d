"""How long a title lasts. The numbers are dated rows the bureau can change, never constants here."""

from __future__ import annotations

from datetime import date, timedelta

from keji.kernel.rules.models import ParameterValue, parameter

#: Parameter names; seeded from regulations/parameters.toml.
YEARS = {
    "hnte": "hnte.valid_years",
    "innovative_sme": "innovative_sme.valid_years",
    "srdi": "srdi.valid_years",
    "little_giant": "little_giant.valid_years",
}
SME_EXTRA_DAYS = "tech_sme.valid_days_after_year_end"


def add_years(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 1 March in a year that has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


class Validity:
    """The last valid day of a title. One object asks each number once, so a sheet of 10,000 rows stays quick."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[date, int]]] = {}

    def last_day(self, kind: str, issued_on: date) -> date:
        """The last day that counts: the day before the same day three years on; for a register entry, the year's end.

        Raises LookupError when no number is in force on the day of issue.
        """
        if kind in YEARS:
            return add_years(issued_on, self._number(YEARS[kind], issued_on)) - timedelta(days=1)
        return date(issued_on.year, 12, 31) + timedelta(days=self._number(SME_EXTRA_DAYS, issued_on))

    def _number(self, name: str, on: date) -> int:
        if name not in self._known:
            rows = ParameterValue.objects.filter(name=name, state=ParameterValue.State.IN_FORCE).order_by("-from_on")
            self._known[name] = [(from_on, int(value)) for from_on, value in rows.values_list("from_on", "value")]
        found = next((value for from_on, value in self._known[name] if from_on <= on), None)
        return int(parameter(name, on)) if found is None else found
