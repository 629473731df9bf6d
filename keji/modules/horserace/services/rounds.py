"""Opening a month's round and its second level: what is due, what came, what was asked, what is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.audit.models import Entry
from keji.kernel.calendar.models import work_calendar
from keji.kernel.clock import day_of
from keji.kernel.indicators.indicator import Counted, Reported, catalogue
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.indicators.services import correct_figure
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import whole
from keji.kernel.rules.models import parameter
from keji.lib.figures import Period, parse_period
from keji.modules.horserace.models import FigureQuestion, RaceRound, RoundItem
from keji.modules.horserace.models.schemes import scheme_on
from keji.modules.horserace.services.content import rows_of, scored, title_of, units_on
from keji.modules.horserace.services.schemes import city


def opening_refusal(period: Period, on: date) -> str:
    """Why no round can be opened for this month; "" when one can."""
    if period.kind != "month":
        return "赛马按月收集，请填月份，如 2024-03"
    if period.end >= on:
        return f"{period.label}还没有结束，结束后再开始收集"
    if RaceRound.objects.filter(period=str(period)).exists():
        return f"{period.label}的轮次已经建立"
    if scheme_on(period.end) is None:
        return f"{period.label}没有执行中的考评方案，请先批准方案"
    return ""


def open_rounds(
    rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str = "page"
) -> list[RaceRound]:
    """Begin collecting: {period} each. Raises Refused with a sentence."""
    made = []
    with writing(actor, at):
        for row in rows:
            period = parse_period(str(row["period"]))
            if why := opening_refusal(period, day_of(at)):
                raise Refused(why)
            scheme = scheme_on(period.end)
            assert scheme is not None
            record = RaceRound(period=str(period), scheme=scheme, region=city(), cutoff_on=period.end)
            record.number = next_numbers(RaceRound.prefix, at.year)[0]
            stamp(record, actor=actor, at=at, state=RaceRound.State.COLLECTING, source=Source.BUREAU)
            record.save()
            RoundItem.objects.bulk_create(_items(record, at))
            log("开始收集", record, {"period": [None, record.period], "scheme": [None, scheme.number]})
            made.append(record)
    return made


def _items(record: RaceRound, at: datetime) -> list[RoundItem]:
    """An item for every indicator that has a figure of this month; yearly ones too, for they are shown."""
    month = record.month
    due = due_on(month)
    counted, left = scored(record.scheme.content, month)
    items = []
    for order, code in enumerate(rows_of(record.scheme.content)):
        known = catalogue()[code]
        own = known.period_of(month) if isinstance(known, Reported) else month
        if own is None or (code in left and known.opens_on is not None):
            continue
        items.append(
            RoundItem(
                round=record,
                indicator=code,
                title=title_of(code),
                owner=known.owner,
                due_on=due,
                state_since=at,
                order=order,
            )
        )
    return items


def due_on(month: Period) -> date:
    """The day of the next month by which figures are due, moved on to a working day."""
    day = int(parameter("race.due_day", month.end))
    following = Period.at_month_index(month.month_index + 1)
    last = following.end.day
    return work_calendar().next_working(date(following.year, following.number, min(day, last)))


@dataclass(frozen=True)
class Arrival:
    """One figure of one county: what state it is in. `revised`: corrected after it was filed."""

    region: str
    figure: ReportedFigure | None
    late: bool
    revised: bool
    by_count: bool = False

    @property
    def word(self) -> str:
        if self.by_count:
            return "台账计数"
        if self.figure is None:
            return "未报"
        if self.figure.state in ("draft", "returned"):
            return "已退回" if self.figure.state == "returned" else "未报送"
        if self.figure.state == "sent":
            return "待确认"
        return "已到" + ("（迟报）" if self.late else "") + ("（更正过）" if self.revised else "")

    @property
    def arrived(self) -> bool:
        return self.by_count or (self.figure is not None and self.figure.state == ReportedFigure.State.CONFIRMED)


@dataclass(frozen=True)
class Due:
    """One item with its arrivals, region by region."""

    item: RoundItem
    arrivals: dict[str, Arrival]
    questions: list[FigureQuestion] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The period its figures are filed under: a quarter, a year or the month itself; "" for counted ones."""
        known = catalogue()[self.item.indicator]
        own = known.period_of(self.item.round.month) if isinstance(known, Reported) else None
        filed = sorted({a.figure.period for a in self.arrivals.values() if a.figure is not None})
        return filed[-1] if filed else str(own or "")

    def _regions(self, test: Any) -> list[str]:
        return [r for r, a in self.arrivals.items() if test(a)]

    @property
    def missing(self) -> list[str]:
        return self._regions(lambda a: a.figure is None and not a.by_count)

    @property
    def waiting(self) -> list[str]:
        return self._regions(lambda a: a.figure is not None and not a.arrived)

    @property
    def late(self) -> list[str]:
        return self._regions(lambda a: a.late)

    @property
    def revised(self) -> list[str]:
        return self._regions(lambda a: a.revised)

    @property
    def came(self) -> int:
        return sum(a.arrived for a in self.arrivals.values())

    @property
    def unanswered(self) -> list[FigureQuestion]:
        return [q for q in self.questions if q.open]


def due_of(item: RoundItem) -> Due:
    """What one indicator of a round waits for."""
    return dues(item.round, [item])[0]


def dues(record: RaceRound, only: Sequence[RoundItem] = ()) -> list[Due]:
    """What the round waits for: every item (or only these) with every unit's figure."""
    month = record.month
    regions = [u["region"] for u in units_on(record.scheme.content, month.end)]
    items = list(only or record.items.select_related("checked_by"))
    figures = _figures_of([i.indicator for i in items], month)
    revised = _revised([f.pk for own in figures.values() for f in own.values()])
    asked: dict[str, list[FigureQuestion]] = {}
    wanted = [i.indicator for i in items]
    for question in record.questions.filter(indicator__in=wanted).select_related("region"):
        asked.setdefault(question.indicator, []).append(question)
    found = []
    for item in items:
        counted = isinstance(catalogue()[item.indicator], Counted)
        arrivals = {}
        for region in regions:
            figure = figures.get(item.indicator, {}).get(region)
            monthly = figure is not None and figure.period == record.period
            late = bool(monthly and figure and day_of(figure.created_at) > item.due_on)
            arrivals[region] = Arrival(region, figure, late, bool(figure and figure.pk in revised), counted)
        found.append(Due(item, arrivals, asked.get(item.indicator, [])))
    return found


def _figures_of(codes: Sequence[str], month: Period) -> dict[str, dict[str, ReportedFigure]]:
    """{indicator: {region: figure}} of each indicator's own period; of a yearly series the newest one out."""
    found: dict[str, dict[str, ReportedFigure]] = {}
    for code in codes:
        known = catalogue()[code]
        own = known.period_of(month) if isinstance(known, Reported) else None
        if own is None:
            continue
        rows = ReportedFigure.objects.filter(indicator=code).exclude(state=ReportedFigure.State.RETURNED)
        if own.kind == "year":
            rows = rows.filter(period__lte=str(own), period__gte=str(own.year - 1)).order_by("period")
        else:
            rows = rows.filter(period=str(own))
        found[code] = {f.region_id: f for f in rows}
    return found


def _revised(pks: Sequence[int]) -> set[int]:
    keys = [str(pk) for pk in pks]
    rows = Entry.objects.filter(
        subject_type=ReportedFigure._meta.label_lower, action="更正", subject_id__in=keys
    ).values_list("subject_id", flat=True)
    return {int(key) for key in rows}


def check_refusal(actor: Actor, item: RoundItem) -> str:
    """Why this indicator cannot be checked yet; "" when it can. Missing figures may be passed over with a reason."""
    if item.round.state != RaceRound.State.COLLECTING:
        return "这一轮已不在收集阶段"
    due = due_of(item)
    if due.waiting:
        return f"还有 {len(due.waiting)} 个数没有确认，请先在填报数里确认"
    if due.unanswered:
        return f"还有 {len(due.unanswered)} 个疑问没有答复"
    corrected = [a.figure for a in due.arrivals.values() if a.revised and a.figure is not None]
    if not actor.is_system and any(f.created_by_id == actor.id for f in corrected):
        return "更正和复核必须是两个人，请由另一位同志复核"
    return ""


def check_item(item: RoundItem, *, actor: Actor, at: datetime, without: str = "") -> RoundItem:
    """The second level. Where figures are missing the reason has to be said; it is printed with the results."""
    due = due_of(item)
    if due.missing and not without.strip():
        raise Refused(f"还缺 {len(due.missing)} 个单位的数，确实没有的请写明缺数说明")
    said = without if due.missing else ""
    checked: RoundItem = take("check", item, actor=actor, at=at, reason=said)
    return checked


def correct_reported(
    record: RaceRound, figure: ReportedFigure, value: Any, *, reason: str, actor: Actor, at: datetime
) -> ReportedFigure:
    """Correct a figure that was confirmed: an upheld objection, or a revision by its owner. Both stay in the log."""
    if not actor.has(Role.OFFICER):
        raise Refused("已确认的数由业务科室更正")
    if not reason.strip():
        raise Refused("请写明更正的原因和依据")
    reason = whole(reason, 300, "更正原因")
    item = record.items.filter(indicator=figure.indicator).first()
    if item is None:
        raise Refused("这个数不在本轮收集的指标里")
    if figure.value == value:
        raise Refused("数值与原来相同，没有改动")
    with writing(actor, at):
        fixed = correct_figure(figure, {"value": value}, actor=actor, at=at)
        # Counties read a round's history; the figure itself stands in its own, which only its county reads.
        log("更正数据", record, {"指标": [None, item.title]})
        log("更正说明", fixed, reason=reason)
    return fixed
