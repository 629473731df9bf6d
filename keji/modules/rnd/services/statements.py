"""A firm's figures of one year: filed, corrected, prefilled from what its projects already say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.lib.figures import to_decimal
from keji.lib.rnd_items import NAMES
from keji.modules.rnd.models import RndProject, RndStatement, SpendMonth
from keji.modules.rnd.models.statement import STATEMENT_COLUMNS
from keji.modules.rnd.services.totals import items_of

Rows = Sequence[Mapping[str, Any]]


def report_statements(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[RndStatement]:
    """File yearly figures: {party, year, …} each. They hold once somebody else confirms."""
    made = []
    for row in rows:
        known = {k: row[k] for k in STATEMENT_COLUMNS if row.get(k) is not None}
        record = RndStatement(party=row["party"], year=row["year"], **known)
        record.industry_code = record.industry_code or record.party.industry_code
        record.region_id, record.reported_by_id = record.party.region_id, actor.id
        stamp(record, actor=actor, at=at, state=RndStatement.State.REPORTED, source=source_of(actor, source))
        made.append(record)
    with writing(actor, at):
        for record, number in zip(made, next_numbers(RndStatement.prefix, at.year, len(made)), strict=True):
            record.number = number
        RndStatement.objects.bulk_create(made, batch_size=200)
        for record, row in zip(made, rows, strict=True):
            said = {k: [None, row[k]] for k in STATEMENT_COLUMNS if row.get(k) not in (None, "")}
            log("填报", record, {"year": [None, str(record.year)], **said})
    return made


def correct_statement(record: RndStatement, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> RndStatement:
    """Correct figures that are not confirmed; whoever corrects them has filed them, and may not confirm them."""
    with writing(actor, at):
        before = locked(record)
        columns = [k for k in ("party", "year", *STATEMENT_COLUMNS) if k in values]
        for name in columns:
            setattr(record, name, values[name])
        record.region_id, record.reported_by_id, record.updated_at = record.party.region_id, actor.id, at
        record.save()
        if changes := changed_fields(before, record, columns):
            log("更正", record, changes)
    return record


def confirm_in_bulk(ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Confirm many: the register of the statistics bureau comes as one sheet. What the step refuses is left out."""
    step, done = RndStatement.flow["confirm"], 0
    with writing(actor, at):
        for start in range(0, len(ids), 500):
            rows = RndStatement.objects.select_for_update(of=("self",)).filter(
                pk__in=ids[start : start + 500], state__in=step.source
            )
            taken = [r for r in rows.select_related("party").order_by("pk") if not step.refusal(actor, r)]
            for record in taken:
                log(step.label, record, {"state": [record.state, step.target]})
            RndStatement.objects.filter(pk__in=[r.pk for r in taken]).update(
                state=step.target, state_since=at, confirmed_at=at, updated_at=at
            )
            done += len(taken)
    return done


def known_of(party: Any, year: int) -> dict[str, Any]:
    """What the filed projects already say of a year: offered in the form, for the firm to say whether it is right."""
    rows = SpendMonth.objects.of_year(year).filter(project__party=party)
    if not rows.exists():
        return {}
    items = items_of(rows)
    found: dict[str, Any] = {n: to_decimal(getattr(items, n), 2) for n in (*NAMES, "building_depreciation")}
    found["rnd_expense"] = to_decimal(items.spent, 2)
    found["project_count"] = RndProject.objects.filed().filter(party=party).running_in(year).count()
    return found
