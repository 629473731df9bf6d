"""Research: 5,000 projects with their months, the yearly statements, 双清零."""

from __future__ import annotations

from benchmarks.city.common import by_region, changed, plain, searched, sorted_by
from benchmarks.city.twins import multiply
from benchmarks.web import Page

PROJECTS, STATEMENTS, CASES = 5_000, 5_000, 1_000


def grow() -> None:
    from keji.modules.rnd import models as m

    multiply([m.RndProject, m.ProjectYear, m.SpendMonth], to=PROJECTS, of=m.RndProject)
    multiply([m.RndStatement], to=STATEMENTS, of=m.RndStatement)
    multiply([m.ZeroingCase, m.Visit], to=CASES, of=m.ZeroingCase)


def pages() -> list[Page]:
    return [
        Page("R&D board", "gaoxin", plain("/rnd/")),
        Page("R&D board, after a month's spending", "gaoxin", changed("/rnd/", "rnd.SpendMonth")),
        Page("R&D figures missing", "gaoxin", plain("/rnd/missing")),
        Page("R&D projects", "gaoxin", plain("/d/rnd-projects/")),
        Page("R&D projects, searched", "gaoxin", searched("rnd-projects")),
        Page("R&D projects, sorted, page 2", "gaoxin", sorted_by("rnd-projects", "name -budget party starts")),
        Page("R&D statements", "gaoxin", plain("/d/rnd-statements/")),
        Page("双清零", "gaoxin", plain("/rnd/zeroing")),
        Page("双清零, after a case", "gaoxin", changed("/rnd/zeroing", "rnd.ZeroingCase")),
        Page("双清零, firms in scope", "gaoxin", by_region("/rnd/zeroing/scope")),
        Page("双清零 cases", "gaoxin", plain("/d/rnd-cases/")),
    ]
