"""What is asked about figures before they count: held against last period, never corrected silently."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.lib.figures import Period
from keji.lib.race.checks import Kind, Question, questions
from keji.lib.race.scheme import Data
from keji.modules.horserace.models import FigureQuestion, RaceRound
from keji.modules.horserace.services.content import rows_of
from keji.modules.horserace.services.figures import broken_series, gather


def questions_of(record: RaceRound) -> tuple[Question, ...]:
    """Every question the figures as they stand now give rise to; missing ones are told by the list of what is due."""
    month = record.month
    now = gather(record.scheme, month, version="", frozen=False, only_scored=True)
    before = _before(record, month)
    rows = rows_of(record.scheme.content)
    # Running totals begin again in January: they cannot be held against December.
    cumulative = [] if month.months == (1,) else [c for c, row in rows.items() if row.get("cumulative")]
    found = questions(now.scheme, now.data, before, cumulative=cumulative)
    return tuple(q for q in found if q.kind is not Kind.MISSING)


def _before(record: RaceRound, month: Period) -> Data | None:
    """The month before, without figures of another caliber: a series that breaks is not compared."""
    past = Period.at_month_index(month.month_index - 1)
    if past.year != month.year and not RaceRound.objects.filter(period=str(past)).exists():
        return None
    data = gather(record.scheme, past, version="", only_scored=True).data
    now_codes = rows_of(record.scheme.content)
    broken = {code: broken_series(code, month, str(past)) for code in now_codes}
    figures = {
        unit: {c: f for c, f in row.items() if unit not in broken.get(c, ())} for unit, row in data.figures.items()
    }
    return Data(data.version, data.period, data.units, figures)


def ask(record: RaceRound, *, actor: Actor, at: datetime) -> int:
    """Ask what is new; what no longer holds because its figure was corrected is settled. Returns how many are new."""
    if record.state != RaceRound.State.COLLECTING:
        raise Refused("这一轮已不在收集阶段，不再提出疑问")
    with writing(actor, at):
        told = {(q.indicator, q.unit, q.sentence[:300]): q for q in questions_of(record)}
        known = {(q.indicator, q.region_id, q.sentence): q for q in record.questions.all()}
        fresh = [
            FigureQuestion(round=record, indicator=i, region_id=u, kind=q.kind.value, sentence=sentence, asked_at=at)
            for (i, u, sentence), q in told.items()
            if (i, u, sentence) not in known
        ]
        FigureQuestion.objects.bulk_create(fresh)
        gone = [q.pk for key, q in known.items() if key not in told and q.open]
        FigureQuestion.objects.filter(pk__in=gone).update(settled_at=at)
        if fresh or gone:
            log("核对数据", record, {"新疑问": [None, len(fresh)], "已消除": [None, len(gone)]})
    return len(fresh)


def answer(question: FigureQuestion, text: str, *, actor: Actor, at: datetime) -> FigureQuestion:
    """The county says why its figure is as it is; or the bureau, for what a department provided."""
    if not text.strip():
        raise Refused("请写明情况：数据属实的写原因，填错的请先更正数据")
    if not (actor.has(Role.OFFICER) or question.region_id in actor.regions):
        raise Refused("这个疑问由有关县区或业务科室答复")
    with writing(actor, at):
        fresh: Any = FigureQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
        if not fresh.open:
            raise Refused("这个疑问已经答复或已随数据更正消除")
        fresh.answer, fresh.answered_by, fresh.answered_at = whole(text, 500, "答复"), actor.name, at
        fresh.save()
        log("答复数据疑问", fresh, {"answer": [None, fresh.answer]})
    return fresh  # type: ignore[no-any-return]
