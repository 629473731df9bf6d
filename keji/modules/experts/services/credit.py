"""How experts did, and who is to leave the pool because of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.standings import blocked_people
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import whole
from keji.lib.figures import format_number, plain_date, to_decimal
from keji.lib.months import add_months
from keji.modules.experts.models import Draw, ExitCase, Expert, Seat, Use
from keji.modules.experts.models.credit import BEST, MARKS
from keji.modules.experts.services.numbers import city, number

OPEN_STATES = ("proposed", "notified", "appealed")
Ground = ExitCase.Ground


def mark_use(draw_number: str, person: int, marks: Mapping[str, Any], *, actor: Actor, at: datetime) -> Use:
    """Mark how a person did on an opened draw: {timeliness, independence, quality, confidentiality: 1–5, days, note}.

    Raises Refused with a sentence.
    """
    with writing(actor, at):
        if not actor.has(Role.OFFICER):
            raise Refused("使用评价由业务科室登记")
        use = (
            Use.objects.select_for_update(of=("self",))
            .filter(draw__number=draw_number, expert__person_id=person)
            .select_related("draw", "expert__person")
            .first()
        )
        if use is None or use.draw is None:
            raise Refused("这次抽取里没有这名专家")
        if use.draw.state != Draw.State.OPENED:
            raise Refused(f"抽取当前是“{use.draw.get_state_display()}”，启封后、办结前才能评价")
        before = use.marks
        for name in MARKS:
            value = marks.get(name)
            if not isinstance(value, int) or not 1 <= value <= BEST:
                raise Refused(f"{Use._meta.get_field(name).verbose_name}请打 1 至 {BEST} 分")  # type: ignore[union-attr]
            setattr(use, name, value)
        use.days = marks.get("days") or use.days
        use.note = whole(str(marks.get("note", "")), 300, "评价说明")
        use.marked_by, use.marked_at = actor.name, at
        use.save()
        told = [None if None in before else "、".join(map(str, before)), "、".join(map(str, use.marks))]
        log("使用评价", use.expert, {"及时、独立、质量、保密": told})
    return use


def average(uses: list[Use]) -> Fraction | None:
    """The exact mean of all marks given; None when there is none."""
    marks = [mark for use in uses for mark in use.marks if mark is not None]
    return Fraction(sum(marks), len(marks)) if marks else None


def leave(expert: Expert, why: str, at: datetime) -> None:
    """The row leaves the pool; part of deciding an exit case."""
    fresh = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    before = fresh.state
    fresh.state, fresh.state_since, fresh.updated_at = Expert.State.EXITED, at, at
    fresh.save(update_fields=["state", "state_since", "updated_at"])
    log("出库", fresh, {"state": [before, fresh.state]}, reason=why)


def grounds_for(on: date) -> Iterator[tuple[Expert, str, str]]:
    """(expert, ground, evidence) of everybody an exit rule speaks of on a day; the first ground that holds."""
    limit, late = number("experts.age_limit", on), add_months(on, -number("experts.confirm_months", on))
    low, enough = number("experts.exit_mark_low", on), number("experts.exit_mark_uses", on)
    kept, declines = number("experts.exit_confidentiality", on), number("experts.exit_declines", on)
    blocked = blocked_people("review", on)
    year = add_months(on, -12)
    said_no = Q(seats__state=Seat.State.DECLINED, seats__answered_at__date__gt=year) & ~Q(
        seats__why__in=[Seat.Why.CONFLICT, Seat.Why.HEALTH]
    )
    # Seats count once their draw is opened: before that even a number would tell who was asked.
    shown = Q(seats__draw__state__in=["opened", "closed"])
    rows = Expert.objects.serving().annotate(no=Count("seats", filter=said_no & shown)).select_related("person")
    uses: dict[int, list[Use]] = {}
    for use in Use.objects.filter(on__gt=add_months(on, -36), on__lte=on):
        uses.setdefault(use.expert_id, []).append(use)
    for expert in rows.order_by("pk"):
        own = uses.get(expert.pk, [])
        age, mean = expert.age_on(on), average(own)
        broken = [u for u in own if u.confidentiality is not None and u.confidentiality < kept]
        if expert.person_id in blocked:
            yield expert, Ground.SANCTION, blocked[expert.person_id][1]
        elif broken:
            yield expert, Ground.CONFIDENTIALITY, f"{plain_date(broken[0].on)}保密评价 {broken[0].confidentiality} 分"
        elif age is not None and age > limit:
            yield expert, Ground.AGE, f"{age} 岁，上限 {limit} 岁"
        elif mean is not None and len([u for u in own if u.marked]) >= enough and mean < low:
            said = format_number(to_decimal(mean, 2), "分", places=2)
            yield expert, Ground.LOW_MARKS, f"近三年 {len(own)} 次评价平均 {said}，低于 {low} 分"
        elif expert.no >= declines:
            yield expert, Ground.DECLINES, f"近一年 {expert.no} 次不参加，达到 {declines} 次"
        elif expert.confirmed_until is not None and expert.confirmed_until < late:
            yield expert, Ground.UNCONFIRMED, f"信息确认已于{plain_date(expert.confirmed_until)}到期，超过一年未确认"


def propose_exits(*, actor: Actor, at: datetime) -> list[ExitCase]:
    """Open a case for everybody an exit rule speaks of and who has none open; nobody leaves by this alone."""
    open_for = set(ExitCase.objects.filter(state__in=OPEN_STATES).values_list("expert_id", flat=True))
    decided = set(
        ExitCase.objects.filter(state="dropped", updated_at__gt=_year_before(at)).values_list("expert_id", "ground")
    )
    made = []
    with writing(actor, at):
        for expert, ground, evidence in grounds_for(day_of(at)):
            if expert.pk not in open_for and (expert.pk, ground) not in decided:
                made.append(propose_exit(expert, ground, evidence, actor=actor, at=at))
    return made


def _year_before(at: datetime) -> datetime:
    from datetime import timedelta

    return at - timedelta(days=365)


def propose_exit(expert: Expert, ground: str, evidence: str, *, actor: Actor, at: datetime) -> ExitCase:
    """Open one case. Raises Refused where one is open, or the expert is not in the pool."""
    with writing(actor, at):
        if not actor.has(Role.OFFICER):
            raise Refused("出库由业务科室提出")
        fresh = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
        if fresh.state not in (Expert.State.ACTIVE, Expert.State.PAUSED):
            raise Refused(f"专家当前是“{fresh.get_state_display()}”，不需要出库")
        if ExitCase.objects.filter(expert=fresh, state__in=OPEN_STATES).exists():
            raise Refused("这名专家已有一件出库正在办理")
        if not evidence.strip():
            raise Refused("请写明依据")
        case = ExitCase(expert=fresh, ground=ground, evidence=whole(evidence, 300, "依据"), region=city())
        case.number = next_numbers(ExitCase.prefix, day_of(at).year)[0]
        case.proposed_by_id = actor.id
        stamp(case, actor=actor, at=at, state=ExitCase.State.PROPOSED, source=Source.BUREAU)
        case.save()
        log("提出出库", case, {"ground": [None, ground], "evidence": [None, case.evidence]})
    return case


def create_exits(rows: Any, *, actor: Actor, at: datetime, source: str = "page") -> list[ExitCase]:
    """For the desk's form: {expert, ground, evidence}."""
    return [propose_exit(r["expert"], r["ground"], r["evidence"], actor=actor, at=at) for r in rows]
