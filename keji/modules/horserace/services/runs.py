"""Scoring a period and keeping it: provisional, official, superseded by its correction; the file is the run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Max

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import Blob, keep
from keji.kernel.indicators.freeze import freeze
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import whole
from keji.lib.figures import Period
from keji.lib.race.published import digest_of, publish, rerun
from keji.lib.race.replicates import replicate
from keji.lib.race.run import Run
from keji.lib.race.scoring import SchemeError, score
from keji.lib.race.sensitivity import sensitivity
from keji.modules.horserace.models import RaceRound, RaceRun, RaceScheme, RunPlace
from keji.modules.horserace.services.content import ContentError
from keji.modules.horserace.services.figures import Gathered, gather, live_readings
from keji.modules.horserace.services.schemes import city

REPLICATES = 10_000
SEED = 20240101  # any number will do; this one is printed, so that anybody draws the same replicates


def doubt_of(run: Run) -> dict[str, Any]:
    """How sure each place is, as JSON; {} when fewer than two units have a place."""
    if sum(s.place is not None for s in run.placings) < 2:
        return {}
    spreads = replicate(run, count=REPLICATES, seed=SEED)
    told = sensitivity(run)
    return {
        "count": spreads.count,
        "seed": spreads.seed,
        "shift": round(spreads.shift, 4),
        "alike": [list(group) for group in spreads.alike],
        "units": {
            u: {
                "low": s.low,
                "high": s.high,
                "median": s.median,
                "counts": list(s.counts),
                "sentence": spreads.sentence(run, u),
                "undecided": list(spreads.undecided(u)),
            }
            for u, s in spreads.units.items()
        },
        "sensitivity": told.sentence,
        "factors": {name: round(max(min(share, 1.0), 0.0), 4) for name, share in told.indices.total.items()},
        "one_at_a_time": [
            {"indicator": o.indicator, "change": o.change, "shift": round(o.shift, 4), "moved": list(o.moved)}
            for o in told.one_at_a_time
        ],
    }


def scored_run(gathered: Gathered) -> Run:
    """Score, or Refused with the first sentence of what is wrong."""
    try:
        return score(gathered.scheme, gathered.data)
    except SchemeError as problem:
        raise Refused(problem.sentences[0].rstrip("。")) from problem


def keep_run(
    scheme: RaceScheme,
    period: Period,
    *,
    state: str,
    actor: Actor,
    at: datetime,
    frozen: bool = True,
    round: RaceRound | None = None,
    reason: str = "",
    about: Mapping[str, Any] | None = None,
) -> RaceRun:
    """Score a period and keep the run with its file, places and doubt."""
    with writing(actor, at):
        number = next_numbers(RaceRun.prefix, at.year)[0]
        try:
            gathered = gather(scheme, period, version=number, frozen=frozen)
        except ContentError as problem:
            raise Refused(str(problem).rstrip("。")) from problem
        run = scored_run(gathered)
        content = publish(run)
        before = RaceRun.objects.filter(period=str(period), kind=period.kind, state=state)
        if state == RaceRun.State.READY:
            before = RaceRun.objects.filter(
                period=str(period), kind=period.kind, state__in=("ready", "published", "superseded")
            )
        record = RaceRun(
            number=number,
            region=city(),
            kind=period.kind,
            period=str(period),
            version=(before.aggregate(last=Max("version"))["last"] or 0) + 1,
            round=round,
            scheme=scheme,
            file=keep(content),
            digest=digest_of(content),
            doubt=doubt_of(run),
            about={
                "indicators": gathered.about,
                "left_out": gathered.left_out,
                "shown": gathered.shown,
                **(about or {}),
            },
            reason=whole(reason, 300, "更正原因"),
            supersedes=before.order_by("-version").first() if reason else None,
            made_by=actor.name,
        )
        stamp(record, actor=actor, at=at, state=state, source=Source.BUREAU)
        record.save()
        RunPlace.objects.bulk_create(_places(record, run))
        log("计分", record, {"digest": [None, record.digest], "state": [None, state]}, reason=reason)
    return record


def _places(record: RaceRun, run: Run) -> list[RunPlace]:
    spans = record.doubt.get("units", {})
    return [
        RunPlace(
            run=record,
            region_id=s.unit,
            group=s.group,
            place=s.place,
            total=None if s.printed is None else Decimal(s.printed),
            change=s.change,
            low=spans.get(s.unit, {}).get("low"),
            high=spans.get(s.unit, {}).get("high"),
            note=s.note[:200],
            order=order,
        )
        for order, s in enumerate(run.placings)
    ]


def make_provisional(record: RaceRound, *, actor: Actor, at: datetime) -> RaceRun:
    """Score the figures as they stand, for the counties to see their own part."""
    from keji.modules.horserace.services.hearing import tell_counties

    made = keep_run(
        record.scheme, record.month, state=RaceRun.State.PROVISIONAL, actor=actor, at=at, frozen=False, round=record
    )
    tell_counties(record, at)
    return made


def make_official(record: RaceRound, *, actor: Actor, at: datetime, reason: str = "") -> list[RaceRun]:
    """Freeze the month's indicators and make the official run; with the quarter's or year's last month those too."""
    codes = list(record.items.values_list("indicator", flat=True))
    freeze(record.month, actor=actor, at=at, only=codes, note=reason)
    record.items.update(state="approved", state_since=at)
    return [
        keep_run(record.scheme, period, state=RaceRun.State.READY, actor=actor, at=at, round=record, reason=reason)
        for period in periods_ended(record.month)
        if reason == "" or RaceRun.objects.filter(period=str(period), round=record).exists()
    ]


def periods_ended(month: Period) -> list[Period]:
    """The month, and the quarter and year that end with it."""
    number = month.months[-1]
    found = [month]
    if number % 3 == 0:
        found.append(Period.quarter(month.year, number // 3))
    if number == 12:
        found.append(Period.whole_year(month.year))
    return found


def correction_refusal(record: RaceRound) -> str:
    """Why there is nothing to correct: the figures are those already approved."""
    if record.runs.filter(state="ready").exists():
        return "上一版还没有公布，请先公布或等公布后再更正"
    now = live_readings(record.items.values_list("indicator", flat=True), record.month)
    latest = record.runs.filter(kind="month", state="published").order_by("-version").first()
    if latest is None:
        return "这个月还没有公布过，不需要更正"
    file = file_of(latest.file_id)
    for unit in file.data.units:
        for indicator in file.scheme.indicators:
            reading = now.get(indicator.code, {}).get(unit.code)
            was = file.data.figure(unit.code, indicator.code).value
            if reading is not None and (reading.value is None) != (was is None):
                return ""
            if reading is not None and reading.value is not None and was != _fraction(reading.value):
                return ""
    return "现在的数与已审定的完全一致，没有可更正的；请先更正数据"


def _fraction(value: Decimal) -> Any:
    from fractions import Fraction

    return Fraction(value)


@lru_cache(maxsize=64)
def file_of(digest: str) -> Run:
    """The run computed anew from the kept file under this SHA-256. ValueError when it does not give what it prints."""
    found = rerun(Blob.objects.get(pk=digest).read())
    if found.differences:
        raise ValueError(found.differences[0])
    return found.run


def may_see_all(actor: Actor) -> bool:
    return actor.has(Role.LEADER, Role.OFFICER, Role.INSPECTOR)
