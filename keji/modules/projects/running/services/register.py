"""Projects that began before this house: taken on file as they stand, running or accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.modules.projects.models import Project


def register_projects(rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str) -> list[Project]:
    """Take running projects of earlier years on file: signed, with what was paid until now."""
    made = []
    with writing(actor, at):
        if not actor.has(Role.OFFICER):
            raise Refused("存量项目由业务科室登记")
        years = [row["year"] for row in rows]
        numbers = {year: iter(next_numbers(Project.prefix, year, years.count(year))) for year in sorted(set(years))}
        for row in rows:
            record = Project(number=next(numbers[row["year"]]), region=row["party"].region, **row)
            record.signed_on = record.signed_on or record.starts_on
            # What was accepted before this house comes in as accepted: its results are followed from here on.
            record.conclusion = "通过" if record.accepted_on else ""
            state = Project.State.ACCEPTED if record.accepted_on else Project.State.SIGNED
            stamp(record, actor=actor, at=at, state=state, source=Source.IMPORT)
            record.save()
            log("登记存量项目", record, {"grant": [None, record.grant], "paid": [None, record.paid]})
            made.append(record)
    return made
