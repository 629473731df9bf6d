"""The counties' shares as a list for whoever may see them."""

from __future__ import annotations

from keji.desk.desk import Desk, register
from keji.modules.plan.models import Allocation


@register
class AllocationDesk(Desk):
    name, model, group, icon = "allocations", Allocation, "", "sitemap"
    intro = "每个县区承担的任务数；县区确认或提出异议，全部确认后由市局一起下达。"
    columns = ("target", "region", "value", "base", "state", "method", "number")
    search = ("target__subject", "region__name", "number")
    filters = ("state", "region")
    related = ("target", "region")
    tones = {"draft": "gray", "proposed": "blue", "confirmed": "green", "objected": "amber", "issued": "teal"}
    facts = (
        ("分解", ("target", "region", "value", "base", "method")),
        ("意见", ("objection", "answer")),
    )
    bulk = ("confirm",)
    empty = "在“目标分解”页拟定后，任务数会出现在这里。"
    newest_first = False
