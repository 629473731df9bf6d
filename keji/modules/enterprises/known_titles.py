"""What the register of titles answers for the rungs above: who holds the one below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from keji.kernel.facts.known import Provider, derived
from keji.kernel.facts.models import Statement
from keji.modules.enterprises.facts import declared_ladder as _vocabulary  # noqa: F401  (the words must be declared first)
from keji.modules.enterprises.models import Certification


def holder_of(name: str, kind: str) -> Provider:
    """Valid on the day: yes. Ran out, taken back or never had: no, unless somebody states one from elsewhere."""

    def holds(parties: Sequence[int], on: date) -> Mapping[int, int]:
        rows = Certification.objects.filter(party__in=parties, kind=kind)
        valid = set(rows.valid_on(on).values_list("party_id", flat=True))
        once = set(rows.standing_on(on).values_list("party_id", flat=True))
        said = Statement.objects.live(on).filter(party__in=parties, name=name, value=1)  # type: ignore[attr-defined]
        claimed = set(said.values_list("party_id", flat=True)) - once
        return {p: int(p in valid) for p in parties if p not in claimed}

    return holds


derived("innovative_held")(holder_of("innovative_held", "innovative_sme"))
derived("srdi_held")(holder_of("srdi_held", "srdi"))
