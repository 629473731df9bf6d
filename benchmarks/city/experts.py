"""A pool of 20,000 experts."""

from __future__ import annotations

from benchmarks.city.common import changed, plain, searched, sorted_by
from benchmarks.city.twins import multiply
from benchmarks.web import Page

EXPERTS = 20_000


def grow() -> None:
    from keji.kernel.parties.models import Person
    from keji.modules.experts import models as m

    other = {"person.id_print": "t.id_print || '-' || x.r", "use.draw": "NULL"}
    multiply([Person, m.Expert, m.Employment, m.Use, m.Tie], to=EXPERTS, of=m.Expert, other=other)


def pages() -> list[Page]:
    return [
        Page("experts, as opened", "guihua", plain("/d/experts/")),
        Page("experts, searched", "guihua", searched("experts")),
        Page("experts, sorted, page 2", "guihua", sorted_by("experts", "person__name employer -confirmed_until")),
        Page("experts of a field", "guihua", plain("/d/experts/?state=active&discipline=460")),
        Page("health of the pool", "guihua", plain("/experts/health")),
        Page("health of the pool, after an expert", "guihua", changed("/experts/health", "experts.Expert")),
        Page("patterns of draws", "jijian", plain("/experts/patterns")),
        Page("draws", "guihua", plain("/d/expert-draws/")),
    ]
