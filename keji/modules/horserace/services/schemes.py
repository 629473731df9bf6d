"""Writes of schemes: draft, save, next edition, rehearsal; adoption is a step of the flow."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.indicators.models import Reading
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import Source, changed_fields, next_numbers, stamp
from keji.kernel.records.saving import locked
from keji.lib.figures import Period
from keji.lib.race.run import Run
from keji.modules.horserace.models import RaceRun, RaceScheme
from keji.modules.horserace.services.content import scheme_problems

STARTER = Path(__file__).resolve().parents[1] / "regulations" / "scheme_2024.toml"


def starter() -> dict[str, Any]:
    return tomllib.loads(STARTER.read_text(encoding="utf-8"))


def city() -> Region:
    found = Region.objects.filter(level=Region.Level.CITY).first()
    if found is None:
        raise Refused("还没有录入本市，请系统管理员先在“县区”中录入")
    return found


def _everybody() -> list[dict[str, str]]:
    """All counties and zones as one group, from always on."""
    parts = Region.objects.exclude(level=Region.Level.CITY).order_by("order", "code")
    return [{"region": r.code, "group": "", "from_on": "", "until_on": ""} for r in parts]


def draft_schemes(
    rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str = "page"
) -> list[RaceScheme]:
    """Draft schemes: {title, edition, from_on, cites, certain}; each starts as the one in force, else the starter."""
    return [_draft(row, _start(), actor=actor, at=at) for row in rows]


def draft_starter(*, actor: Actor, at: datetime) -> RaceScheme:
    """The scheme that comes with the house, 待核."""
    given = starter()
    about = {k: given[k] for k in ("title", "edition", "from_on", "cites")}
    return _draft(about, given["content"] | {"units": _everybody(), "groups": []}, actor=actor, at=at)


def _start() -> dict[str, Any]:
    newest = RaceScheme.objects.filter(state__in=("in_force", "replaced")).order_by("-from_on").first()
    if newest is not None:
        return dict(newest.content)
    return starter()["content"] | {"units": _everybody(), "groups": []}


def _draft(about: Mapping[str, Any], content: Mapping[str, Any], *, actor: Actor, at: datetime) -> RaceScheme:
    with writing(actor, at):
        record = RaceScheme(region=city(), drafted_by_id=actor.id, content=json.loads(json.dumps(content)), **about)
        record.number = next_numbers(RaceScheme.prefix, at.year)[0]
        stamp(record, actor=actor, at=at, state=RaceScheme.State.DRAFT, source=Source.BUREAU)
        record.save()
        log("起草考评方案", record, {k: [None, v] for k, v in about.items() if v not in (None, "")})
    return record


def correct_scheme(record: RaceScheme, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> RaceScheme:
    """Change the frame of a draft; whoever changes it has drafted it and does not approve it."""
    with writing(actor, at):
        before = locked(record)
        for name, value in values.items():
            setattr(record, name, value)
        record.drafted_by_id, record.updated_at = actor.id, at
        record.save()
        if changes := changed_fields(before, record, list(values)):
            log("修改考评方案", record, changes)
    return record


def save_content(record: RaceScheme, content: Mapping[str, Any], *, actor: Actor, at: datetime) -> RaceScheme:
    """Replace a draft's content. It may be saved unfinished; what is wrong is told on its page and bars adoption."""
    with writing(actor, at):
        fresh: RaceScheme = locked(record)
        if fresh.state != RaceScheme.State.DRAFT:
            raise Refused("方案已经批准执行，要改请另起新版")
        if not actor.has(Role.OFFICER):
            raise Refused("方案由业务科室起草")
        before = digest_of(fresh.content)
        fresh.content = json.loads(json.dumps(content))
        after = digest_of(fresh.content)
        if before != after:
            fresh.drafted_by_id, fresh.updated_at = actor.id, at
            fresh.save()
            log("修改考评内容", fresh, {"内容摘要": [before[:16], after[:16]]})
    return fresh


def digest_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def rehearsed(scheme: RaceScheme) -> RaceRun | None:
    """The newest rehearsal of the draft as it stands now."""
    wanted = digest_of(scheme.content)
    for run in RaceRun.objects.filter(scheme=scheme, state="rehearsal").order_by("-pk"):
        if run.about.get("content") == wanted:
            return run
    return None


def adoption_refusal(scheme: RaceScheme) -> str:
    """Why this draft cannot take effect; "" when it can."""
    if found := scheme_problems(scheme):
        more = f"（另有 {len(found) - 1} 处）" if len(found) > 1 else ""
        return found[0].rstrip("。") + more
    same = RaceScheme.objects.filter(state__in=("in_force", "replaced"), from_on=scheme.from_on).first()
    if same is not None:
        return f"{same}也从这一天起执行，请改起始日期"
    begun = RaceRun.objects.filter(
        state__in=("ready", "published", "superseded"), period__gte=scheme.from_on.isoformat()[:7]
    )
    if begun.exists():
        return "起始日期之后的月份已经正式计分，请改到以后的月份"
    older = RaceScheme.objects.filter(state__in=("in_force", "replaced")).exists()
    if older and RaceRun.objects.filter(state__in=("ready", "published")).exists() and rehearsed(scheme) is None:
        return "新方案还没有用已定格的数据预演（改动后也要重新预演），请先预演"
    return ""


def retire_schemes(*, at: datetime) -> list[RaceScheme]:
    """Editions whose last day is over are in force no longer; run each night, and harmless to run again."""
    over = RaceScheme.objects.filter(state="in_force", until_on__lt=day_of(at)).order_by("pk")
    return [take("retire", scheme, actor=Actor.system("赛马方案到期"), at=at) for scheme in over]


def rehearsal_months() -> list[Period]:
    """Months with an approved run, the latest first: what a new scheme can be tried on."""
    rows = RaceRun.objects.filter(kind="month", state__in=("published", "ready")).order_by("-period")
    return [run.span for run in rows]


def rehearse(scheme: RaceScheme, period: Period, *, actor: Actor, at: datetime) -> RaceRun:
    """Score the frozen figures of a past period by this scheme. Nothing official changes."""
    from keji.modules.horserace.services.runs import keep_run

    if not actor.has(Role.OFFICER):
        raise Refused("预演由业务科室办理")
    if found := scheme_problems(scheme):
        raise Refused(found[0].rstrip("。"))
    if not Reading.objects.filter(period=str(Period.month(period.year, period.months[-1])), current=True).exists():
        raise Refused(f"{period.label}没有定格数，请选择已审定的月份")
    return keep_run(
        scheme, period, state=RaceRun.State.REHEARSAL, actor=actor, at=at, about={"content": digest_of(scheme.content)}
    )


def official_of(period: Period) -> RaceRun | None:
    """The newest official run of a period, published first."""
    rows = RaceRun.objects.filter(period=str(period), state__in=("published", "ready"))
    return rows.order_by("-version").first()


def who_moves(before: Run, after: Run) -> list[dict[str, Any]]:
    """Per unit: place before, after, gained places, and the indicators whose contribution moved most.

    Where the two are grouped otherwise nothing is gained or lost: a place among four is no place among eight.
    """
    found = []
    alike = regrouped(before, after) == ""
    groups = {g.code: g.title for g in after.scheme.groups}
    titles = {i.code: i.title for r in (before, after) for i in r.scheme.indicators}
    old = {s.unit: s for s in before.placings}
    names = {u.code: u.title for u in after.data.units}
    means = {c: _mean(after, c) - _mean(before, c) for c in titles}
    for new in after.placings:
        was = old.get(new.unit)
        cells = {c: x.contribution for c, x in after.cells[new.unit].items()}
        base = {c: x.contribution for c, x in before.cells.get(new.unit, {}).items()}
        # Everybody's points move with the yardstick: what tells is the movement against the average.
        moved = {c: cells.get(c, 0) - base.get(c, 0) - means.get(c, 0) for c in {*cells, *base}}
        why = sorted(moved, key=lambda c: (-abs(moved[c]), c))[:2]
        found.append(
            {
                "unit": new.unit,
                "name": names[new.unit],
                "before": was.place if was else None,
                "after": new.place,
                "gained": was.place - new.place if alike and was and was.place and new.place else None,
                "group": groups.get(new.group, ""),
                "total_before": was.printed if was else None,
                "total_after": new.printed,
                "why": [(titles[c], moved[c]) for c in why],
            }
        )
    return found


def regrouped(before: Run, after: Run) -> str:
    """Why places of the two cannot be held against each other; "" when they can."""
    same = {u.code: u.group for u in before.data.units} == {u.code: u.group for u in after.data.units}
    return "" if same else "新旧方案的分组或参加单位不同，名次不能直接相比，只看得分和原因"


def _mean(run: Run, code: str) -> Fraction:
    """The average contribution of an indicator over all units; nought when the run does not score it."""
    every = [row[code].contribution for row in run.cells.values() if code in row]
    return sum(every, Fraction(0)) / len(every) if every else Fraction(0)
