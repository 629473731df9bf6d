"""What a decision does outside its file: bans become standings, a review changes or lifts them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from keji.kernel.clock import day_of
from keji.kernel.parties.models import Standing
from keji.kernel.parties.standings import register_standings
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.modules.integrity.models import Case, Sanction, last_month_day

HELD = (Standing.State.REGISTERED, Standing.State.IN_FORCE)


def sanctions(case: Case) -> Any:
    return Sanction.objects.filter(subject__case=case).select_related("subject", "item", "standing")


def to_lift(case: Case) -> Any:
    """Standings of measures that a review ended and that still hold."""
    return sanctions(case).filter(state="ended", standing__state__in=HELD)


def under_review(case: Case) -> Any:
    """The subjects a review is about: those who appealed, or all when nobody did."""
    appealed = case.subjects.filter(appealed_on__isnull=False)
    return appealed if appealed.exists() else case.subjects.all()


def unserved_review(case: Case) -> str:
    if case.state != Case.State.REVIEWED or not case.review:
        return ""
    left = under_review(case).filter(review_served_on__isnull=True).count()
    return f"还有 {left} 名当事人没有送达复查决定" if left else ""


def settle_review(case: Case) -> None:
    """Put the review's outcome on the measures: of those who appealed, or of all when nobody did.

    Raises Refused when the conclusion and the measures do not fit each other.
    """
    under = under_review(case)
    mine = sanctions(case).filter(subject__in=under)
    changes = sanctions(case).filter(by_review=True, state="proposed")
    old = mine.filter(state__in=["decided", "in_force", "done"])
    if case.review == Case.Review.CHANGED:
        if not changes.exists():
            raise Refused("变更处理的，请复查人员先登记变更后的措施")
        if changes.exclude(subject__in=under).exists():
            raise Refused("只能变更申诉人的措施")
        old = old.filter(subject__in=changes.values("subject"))
        ended = list(old.values_list("pk", flat=True))
        Sanction.objects.filter(pk__in=list(changes.values_list("pk", flat=True))).update(state="decided")
        Sanction.objects.filter(pk__in=ended).update(state="ended")
        return
    if changes.exists():
        raise Refused("已登记变更后的措施，请选择“变更处理”，或先删去")
    if case.review == Case.Review.REVOKED:
        Sanction.objects.filter(pk__in=list(old.values_list("pk", flat=True))).update(state="ended")


def carry_out_refusal(case: Case, actor: Actor) -> str:
    """Why the decision cannot be carried out by this actor now; "" when it can."""
    if why := unserved_review(case):
        return why
    if not sanctions(case).filter(state="decided").exists() and not to_lift(case).exists():
        if case.state == Case.State.REVIEWED and sanctions(case).filter(state__in=["in_force", "done"]).exists():
            return ""  # upheld after it was in force: execution simply goes on
        return "没有要生效的处理措施，直接结案"
    if not actor.is_system and to_lift(case).filter(
        standing__registered_by_id=actor.id, standing__state=Standing.State.IN_FORCE
    ):
        return "原信用状态由您登记，登记和解除必须是两个人，请由另一位办案人员办理"
    return ""


def carry_out(case: Case, *, actor: Actor, at: datetime) -> None:
    """Lift what a review ended, register what was decided. In force over the subject after a second person's look."""
    for ended in to_lift(case):
        standing = ended.standing
        if standing.state == Standing.State.REGISTERED:
            take("reject", standing, actor=actor, at=at, reason=f"经{case.review_number}撤销或变更")
        elif standing.until_on is None or standing.until_on >= day_of(at):
            take("lift", standing, actor=actor, at=at, reason=f"经{case.review_number}撤销或变更")
    start = day_of(at)
    for sanction in sanctions(case).filter(state="decided"):
        sanction.state, sanction.from_on = Sanction.State.IN_FORCE, start
        if sanction.months:
            sanction.until_on = last_month_day(start, sanction.months)
        if sanction.item.restricts:
            sanction.standing = register_standings([_standing_row(case, sanction)], actor=actor, at=at)[0]
        sanction.save()


def _standing_row(case: Case, sanction: Sanction) -> dict[str, Any]:
    subject = sanction.subject
    over = {"person": subject.person} if subject.person else {"party": subject.party}
    number = case.review_number if sanction.by_review else case.decision_number
    return {
        **over,
        "kind": Standing.Kind.SANCTION,
        "measure": sanction.words,
        "restricts": list(sanction.item.restricts),
        "basis": number,
        "from_on": sanction.from_on,
        "until_on": sanction.until_on,
    }


def closing_refusal(case: Case) -> str:
    """Why the case cannot be closed yet; "" when everything decided was done."""
    rows = sanctions(case)
    if why := unserved_review(case):
        return why
    if rows.filter(state="decided").exists():
        return "还有处理措施没有生效"
    if to_lift(case).exists():
        return "复查撤销或变更的信用状态还没有解除，请先办理“生效执行”"
    if left := rows.filter(Q(state="in_force"), standing__state=Standing.State.REGISTERED).count():
        return f"{left} 项信用状态待另一位同志复核生效"
    if left := rows.filter(state="in_force", standing__isnull=True).count():
        return f"{left} 项措施还没有登记执行情况"
    return ""
