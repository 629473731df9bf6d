"""What the tests of adopting share: the real plan, sections, a small catalogue of indicators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keji.kernel.indicators.indicator import Counted, Kind, Reported
from keji.modules.plan.models import Plan
from keji.modules.plan.services import adopt, targets
from keji.modules.plan.services.targets import Assignment

PLAN = Path(__file__).parents[2] / "data" / "plans" / "luan-2024.txt"


class Hnte(Counted):
    """有效期内的高新技术企业。"""

    code, name, unit, kind = "hnte_stock", "高企总数", "家", Kind.STOCK
    aliases = ("高新技术企业总数", "高新技术企业")


class Sme(Counted):
    """当年入库的科技型中小企业。"""

    code, name, unit, kind = "sme_listed", "入库科技型中小企业", "家", Kind.FLOW
    aliases = ("评价入库科技型中小企业", "科技型中小企业")
    opens_on = (6, 27)


class Rnd(Reported):
    """统计部门公布的全社会研发经费增速。"""

    code, name, unit = "rnd_growth", "全社会研发经费投入增速", "%"
    aliases = ("全社会研发经费增速", "全社会研发投入增速")


def catalogue() -> dict[str, Any]:
    return {i.code: i for i in (Hnte(), Sme(), Rnd())}


def read(city: Any, actor: Any, at: Any, content: bytes | None = None, **more: Any) -> Plan:
    name = more.pop("name", "工作要点.txt")
    year = more.pop("year", 2024)
    return adopt.read_plan(content or PLAN.read_bytes(), name, year=year, region=city, actor=actor, at=at, **more)


def settle_all(plan: Plan, actor: Any, at: Any, section: Any) -> None:
    """Everything an officer has to decide before adopting."""
    for target in plan.targets.exclude(conflict=""):
        targets.settle(target, 0, actor=actor, at=at)
    for item in plan.items.filter(kind="action"):
        targets.assign_item(item, Assignment(section=section), with_targets=True, actor=actor, at=at)
    rest = list(plan.targets.filter(section=None))
    if rest:
        targets.assign(rest, Assignment(section=section), actor=actor, at=at)
