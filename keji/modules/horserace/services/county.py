"""What one county sees of a race that is not published: its own line and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keji.kernel.parties.models import Region
from keji.modules.horserace.models import FigureQuestion, RaceRound, RaceRun, RunPlace
from keji.modules.horserace.services import reading
from keji.modules.horserace.services.figures import month_of
from keji.modules.horserace.services.hearing import objections, provisional, units_of


@dataclass(frozen=True)
class OwnRound:
    """A county's part of a month in hearing. `line` and `cells` are its own; places are told, others' figures not."""

    round: RaceRound
    run: RaceRun
    line: reading.Line
    cells: list[reading.UnitCell]
    of: int
    agreed: Any
    objections: list[Any]

    @property
    def waiting(self) -> bool:
        """Does an objection still wait for its answer?"""
        return any(o.state == "raised" for o in self.objections)


def own_hearing(region: Region) -> OwnRound | None:
    """The month now in hearing, as this county may see it; None when there is none, or it is not in the race."""
    record = RaceRound.objects.filter(state="hearing").order_by("-period").first()
    run = provisional(record) if record else None
    if record is None or run is None or region.pk not in {u.pk for u in units_of(record)}:
        return None
    line = next((x for x in reading.lines(run) if x.placing.unit == region.pk), None)
    if line is None:
        return None
    return OwnRound(
        record,
        run,
        line,
        reading.unit_cells(run, region.pk),
        len(reading.run_of(run).data.units),
        record.hearings.filter(region=region).first(),
        list(objections(record).filter(region=region)),
    )


def own_questions(region: Region) -> list[FigureQuestion]:
    rows = FigureQuestion.objects.filter(region=region, answered_at=None, settled_at=None, round__state="collecting")
    return list(rows.select_related("round"))


def trend(until: RaceRun) -> list[RunPlace]:
    """Published places of all units by month up to a run, oldest first: only months scored by the same edition, for
    points of two editions are never compared."""
    last = str(month_of(until.span))
    rows = RunPlace.objects.filter(run__state="published", run__kind="month", run__scheme=until.scheme_id)
    rows = rows.filter(run__period__lte=last)
    return list(rows.select_related("run", "region").order_by("run__period", "order"))
