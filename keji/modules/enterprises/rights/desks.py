"""The desk of intellectual property rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.desk import Desk, Panel, register
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.modules.enterprises.rights import services
from keji.modules.enterprises.rights.forms import IpRightForm
from keji.modules.enterprises.rights.models import IpRight


def uses_panel(request: HttpRequest, right: IpRight) -> dict[str, Any]:
    """Applications it was used in, and the form that notes another."""
    year = clock.today().year
    holders = Party.objects.filter(pk__in=[right.party_id, *right.shares.values_list("party_id", flat=True)])
    may = right.access.reaches(actor_of(request), right.access.write, right)
    uses = list(right.uses.select_related("party").order_by("-year"))
    noted = {use.party_id for use in uses if use.year == year}
    return {
        "right": right,
        "uses": uses,
        "year": year,
        "may": may,
        "choices": [(h, services.use_refusal(right, h, year)) for h in holders if may and h.pk not in noted],
    }


@register
class IpRightDesk(Desk):
    name, model, group, icon = "rights", IpRight, "一企一档", "bulb"
    intro = "每项权利只登记一次；Ⅱ类在高企申报中只能用一次，共有的权利一次申报只能一家使用。"
    columns = ("title", "party", "kind", "grade", "code", "granted_on", "lapses_on", "state")
    search = ("title", "code", "party__name", "number")
    filters = ("kind", "obtained", "region", "state")
    tones = {"reported": "amber", "returned": "gray", "confirmed": "green", "void": "gray"}
    facts = (
        ("权利", ("title", "kind", "grade", "code", "party", "held_with", "obtained", "product_related")),
        ("日期", ("granted_on", "lapses_on", "maintained_until")),
        ("登记", ("number", "region", "source", "reported_by", "created_at", "used")),
    )
    panels = (Panel("高企申报使用", "enterprises/rights_uses.html", uses_panel),)
    form = IpRightForm
    create, update = staticmethod(services.register_rights), staticmethod(services.correct_right)
    upload = True
    editable_in = ("reported", "returned")
    bulk = ("confirm", "send_back")
    related = ("party", "region", "reported_by")
    empty = "还没有登记知识产权。可以逐项新建，也可以下载模板填好后上传。"
