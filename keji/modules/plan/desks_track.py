"""The counties' shares and their objections to figures, as lists for whoever may see them."""

from __future__ import annotations

from keji.desk.desk import Desk, register
from keji.kernel.indicators.objections import FigureObjection, raise_objections
from keji.modules.plan.forms_track import ObjectionForm
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


@register
class ObjectionDesk(Desk):
    name, model, group, icon = "objections", FigureObjection, "数据", "message"
    intro = "县区对本县区数据有不同意见，在定格前提出；市局逐条答复，答复前该月不能定格。"
    columns = ("region", "indicator_name", "period", "shown", "claimed", "state", "created_at")
    search = ("region__name", "number", "grounds")
    filters = ("state", "region", "period")
    related = ("region",)
    tones = {"raised": "amber", "upheld": "green", "dismissed": "gray", "withdrawn": "plain"}
    facts = (
        ("异议", ("number", "region", "indicator_name", "period", "shown", "claimed", "grounds", "created_at")),
        ("答复", ("answer",)),
    )
    form, create = ObjectionForm, staticmethod(raise_objections)
    empty = "县区没有提出异议。县区可在目标详情页或这里提出。"
