"""Writes of the facts pages: a form saved, many statements confirmed. The kernel's services do the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import attach
from keji.kernel.facts.models import FactFile, Filing
from keji.kernel.facts.services import origin_of, state_facts
from keji.kernel.people.roles import Actor
from keji.modules.enterprises.facts.form import FactsForm


@dataclass(frozen=True)
class Saved:
    filing: Filing
    stated: int
    agreed: int
    differing: int  # facts whose sources differ now and did not before


def save_form(
    form: FactsForm, *, year: int, purpose: str, title: str, files: list[Any], actor: Actor, at: datetime
) -> Saved:
    """State what the form says, with its evidence, and count what filling it in cost."""
    before = _open(form)
    agreed = sum(line.agreed for line in form.lines)
    with writing(actor, at):
        filing = Filing.objects.create(
            party=form.party, purpose=purpose, title=title[:120], year=year, known=form.known, asked=form.asked,
            agreed=agreed, stated=sum(line.value is not None for line in form.lines), origin=origin_of(actor),
            note=form.evidence, at=at, by=actor.name, by_account_id=actor.id,
        )  # fmt: skip
        state_facts(form.said(), actor=actor, at=at, filing=filing)
        for file in files:
            made = attach(filing, file, name=file.name or "佐证材料", by=actor.name, at=at)
            log("添加佐证材料", filing, {"附件": [None, f"{made.name}（{made.blob.sha256[:12]}）"]})
    return Saved(filing, filing.stated, agreed, len(_open(form) - before))


def _open(form: FactsForm) -> set[tuple[str, int]]:
    rows = FactFile.objects.filter(party=form.party, open_count__gt=0).values_list("year", "unsettled")
    return {(name, year) for year, names in rows for name in names}
