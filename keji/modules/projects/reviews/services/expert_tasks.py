"""What waits for an expert among the projects they review."""

from __future__ import annotations

from datetime import date

from keji.kernel.people.roles import Actor
from keji.lib.figures import plain_date
from keji.modules.projects.models import Review


def expert_tasks(actor: Actor, on: date) -> list[tuple[str, str, str, bool]]:
    """[(what, address, by when, late)], a line a batch; nothing that names an applicant."""
    rows = Review.objects.visible_to(actor).filter(person__account=actor.id, state="assigned", batch__state="running")
    batches: dict[str, list[Review]] = {}
    for row in rows.select_related("batch").order_by("batch__due_on", "batch"):
        batches.setdefault(row.batch.number, []).append(row)
    return [
        (f"{b.title}：{len(sheets)} 项等您评审", "/projects/reviews", f"{plain_date(b.due_on)}前提交", b.due_on < on)
        for sheets in batches.values()
        for b in [sheets[0].batch]
    ]
