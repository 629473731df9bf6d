"""How far a draw has come, as steps with the moment and the digest of each. Names no member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keji.kernel.audit.models import Entry
from keji.modules.experts.models import Draw

FREEZING = "专家库、规则和每人的机会写入一份文件，公布摘要"
SEALING = "系统的随机数在冻结时封存，只公布它的摘要"
MEETING = "监督人的数字与封存的随机数合成种子"


@dataclass(frozen=True)
class Stage:
    """`done`, or now under way (`current`); `digest` what was published at this step."""

    name: str
    what: str
    done: bool
    current: bool = False
    at: datetime | None = None
    who: str = ""
    digest: str = ""


def stages_of(draw: Draw) -> list[Stage]:
    frozen, result = getattr(draw, "frozen", None), getattr(draw, "result", None)
    asked = draw.requested_by.name if draw.requested_by else "系统"
    first = Stage("申请", "写明评审对象、名额和回避", True, at=draw.created_at, who=asked)
    found = [first]
    cancelled = draw.state == Draw.State.CANCELLED
    if frozen:
        who = frozen.frozen_by.name if frozen.frozen_by else "系统"
        found.append(
            Stage(
                "冻结",
                "专家库、规则和每人机会写入一份文件，公布摘要",
                True,
                False,
                frozen.frozen_at,
                who,
                frozen.sha256,
            )
        )
        found.append(
            Stage(
                "封存随机数",
                "系统随机数已封存，只公布它的摘要",
                True,
                False,
                frozen.frozen_at,
                "系统",
                frozen.commitment,
            )
        )
    elif not cancelled:
        found.append(Stage("冻结", FREEZING, False, draw.state == "requested"))
        found.append(Stage("封存随机数", SEALING, False))
    if result:
        who = result.witness.name if result.witness else ""
        first_version = result.versions[0]["sha256"] if result.versions else result.sha256
        found.append(
            Stage("见证抽取", "监督人的数字与封存的随机数合成种子", True, False, result.drawn_at, who, first_version)
        )
    elif not cancelled:
        what = f"等待监督人到场给出不少于 {frozen.digits} 位数字" if frozen else MEETING
        found.append(Stage("见证抽取", what, False, draw.state == "frozen"))
    if cancelled:
        words = ("取消抽取", "取消")  # the second was written by earlier versions
        entry = Entry.objects.filter(subject_type="experts.draw", subject_id=str(draw.pk), action__in=words).first()
        who = entry.actor_name if entry else ""
        found.append(Stage("已取消", draw.cancelled_why, True, False, draw.state_since, who))
        return found
    opened = result.opened_at if result else None
    found.append(Stage("启封", "评审日公开结果文件，名单交办理人", draw.opened, draw.state == "sealed", opened))
    closed = draw.state == Draw.State.CLOSED
    found.append(Stage("办结", "逐人评价后办结", closed, draw.state == "opened", draw.state_since if closed else None))
    return found
