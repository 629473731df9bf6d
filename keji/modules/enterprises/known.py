"""What the registers of firms answer by themselves: nobody is asked for what a record already says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from keji.kernel.facts.known import derived
from keji.kernel.parties.models import Party
from keji.modules.enterprises.facts import declared as _vocabulary  # noqa: F401  (the words must be declared first)
from keji.modules.enterprises.known_titles import holder_of
from keji.modules.enterprises.rights.services import usable

#: The register is the bureau's own, so a firm without a certificate is not asked; see `holder_of`.
derived("hnte")(holder_of("hnte", "hnte"))


@derived("age_days")
def age_in_days(parties: Sequence[int], on: date) -> Mapping[int, int]:
    return {p: (on - day).days for p, day in _established(parties) if day <= on}


@derived("operating_years")
def years_in_business(parties: Sequence[int], on: date) -> Mapping[int, int]:
    """Accounting years before the year of the day in which the firm existed, the first one perhaps in part."""
    return {p: on.year - day.year for p, day in _established(parties) if day <= on}


def _established(parties: Sequence[int]) -> list[tuple[int, date]]:
    rows = Party.objects.filter(pk__in=parties, established_on__isnull=False)
    return list(rows.order_by().values_list("pk", "established_on"))


@derived("class1_ip")
def first_class_rights(parties: Sequence[int], on: date) -> Mapping[int, int]:
    """Valid Ⅰ类 rights of firms that keep the register; of the others what they state stands."""
    return {p: row["class1_ip"] for p, row in usable(parties, on).items()}


@derived("class2_ip")
def second_class_rights(parties: Sequence[int], on: date) -> Mapping[int, int]:
    return {p: row["class2_ip"] for p, row in usable(parties, on).items()}


@derived("class2_ip_used")
def used_rights(parties: Sequence[int], on: date) -> Mapping[int, int]:
    """Of those, the ones an earlier 高企 application has used up."""
    return {p: row["class2_ip_used"] for p, row in usable(parties, on).items()}


@derived("own_ip")
def rights_of_own_making(parties: Sequence[int], on: date) -> Mapping[int, int]:
    return {p: row["own_ip"] for p, row in usable(parties, on).items()}
