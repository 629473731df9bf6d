"""What becomes of facts when two units turn out to be one: statements move, files are worked out anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from keji.kernel.facts.models import LIVE, Statement
from keji.kernel.facts.services import refresh
from keji.kernel.parties.merging import afterwards, chooses
from keji.kernel.parties.models import Party
from keji.kernel.records.flow import Refused

NAMED = 3  # facts listed in a refusal


@chooses(Statement)
def moving(kept: Party, folded: Party) -> list[int]:
    """All of the folded unit's statements but those the kept one's same source makes as well.

    Refused where one source says two different things of what is now one unit: a person takes one back first.
    """
    held = {(s.name, s.year, s.origin): s.value for s in kept.statements.filter(state__in=LIVE)}
    found, clashes = [], []
    for s in folded.statements.all():
        mine = held.get((s.name, s.year, s.origin)) if s.state in LIVE else None
        if mine is None:
            found.append(s.pk)
        elif mine != s.value:
            clashes.append(f"“{s.fact.label}”{f'（{s.year}年）' if s.year else ''}")
    if clashes:
        more = f"等 {len(clashes)} 项" if len(clashes) > NAMED else ""
        raise Refused(f"两个单位的{'、'.join(clashes[:NAMED])}{more}填得不同，请先在一企一档中撤回其中一方的数")
    return found


@afterwards
def files_anew(parties: Sequence[Party], at: datetime) -> None:
    years = set(Statement.objects.filter(party__in=parties).values_list("year", flat=True))
    refresh({(p.pk, year) for p in parties for year in years}, at=at)
