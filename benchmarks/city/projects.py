"""5,000 applications with three or four reviews each, and the projects that came of them."""

from __future__ import annotations

from benchmarks.city.common import changed, one_of, plain, searched, sorted_by
from benchmarks.city.twins import multiply
from benchmarks.web import Page

PROPOSALS = 5_000


def grow() -> None:
    from keji.modules.projects import models as m

    kinds = [m.Proposal, m.Member, m.Project, m.Milestone, m.BudgetLine, m.Payment, m.YearReport, m.ResultYear]
    other = {"project.proposal": "t.proposal_id + x.r * 1000000", "review.code": "t.code || '-' || x.r"}
    multiply([*kinds, m.Review, m.Mark], to=PROPOSALS, of=m.Proposal, other=other)


def pages() -> list[Page]:
    from keji.modules.projects.models import ReviewBatch

    batches = list(ReviewBatch.objects.order_by("pk").values_list("pk", flat=True))
    return [
        Page("proposals", "guihua", plain("/d/proposals/")),
        Page("proposals, searched", "guihua", searched("proposals")),
        Page("proposals, sorted, page 2", "guihua", sorted_by("proposals", "title -score party")),
        Page("proposals of a county", "jinan", plain("/d/proposals/")),
        Page("projects", "guihua", plain("/d/projects/")),
        Page("progress of a review", "guihua", one_of("/projects/batches/{}/progress", batches)),
        Page("what is due of projects", "guihua", plain("/projects/due")),
        Page("what is due, after a payment", "guihua", changed("/projects/due", "projects.Payment")),
    ]
