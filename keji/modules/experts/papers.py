"""The record of a draw as an official paper: what was frozen, who witnessed, what came out, who signed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from keji.kernel.clock import day_of
from keji.kernel.documents.setting import typeset
from keji.lib.draw import STATE_NAMES, State
from keji.lib.figures import plain_date
from keji.lib.paper import model as set_as
from keji.modules.experts.models import Draw, DrawResult, FrozenPool, Seat


def draw_record(draw: Draw, kind: str, *, names: bool) -> bytes:
    """The paper's bytes. `names`: with the panel; the caller has asked whether it may be shown."""
    return typeset(record_of(draw, names=names), kind)


def record_of(draw: Draw, *, names: bool) -> set_as.Paper:
    own: dict[str, str] = getattr(settings, "LETTERHEAD", {})
    frozen, result = draw.frozen, draw.result
    states = "、".join(f"{STATE_NAMES[s]}{frozen.states[s.value]}人" for s in State)
    witness = result.witness.name if result.witness else ""
    blocks: list[set_as.Block] = [
        set_as.Heading(1, "抽取事项"),
        set_as.Text(
            f"{draw.title}（{draw.number}），评审日期{plain_date(draw.review_on)}，评审组{draw.size}人，"
            f"备选{draw.substitutes}人。"
        ),
        set_as.Heading(1, "冻结"),
        set_as.Text(
            f"{_minute(frozen.frozen_at)}冻结专家库，共{sum(frozen.states.values())}人，"
            f"其中{states}。冻结文件和封存随机数的摘要当场公布。"
        ),
        set_as.Heading(1, "见证抽取"),
        set_as.Text(f"{_minute(result.drawn_at)}，监督人{witness}到场给出数字，与封存的随机数合成种子，抽取一次完成。"),
    ]
    changed = len(result.versions) - 1
    if changed:
        blocks.append(set_as.Text(f"其后{changed}人因故不参加，由备选专家按次序递补。"))
    blocks += [set_as.Heading(1, "摘要（与公布的逐位比对）"), _digests(frozen, result)]
    blocks.append(set_as.Heading(1, "评审组"))
    blocks.append(_panel(draw) if names else set_as.Text("名单封存，启封后由办理人掌握。"))
    signed = [o for o in draw.observations.all() if o.kind == "sign"]
    blocks.append(set_as.Heading(1, "监督"))
    said = "；".join(f"{o.by_name}于{_minute(o.at)}签名（{o.text}，所签摘要{o.digest[:16]}）" for o in signed)
    blocks.append(set_as.Text(f"{said}。" if said else "监督人尚未签名。"))
    asked = draw.requested_by.name if draw.requested_by else "系统"
    froze = frozen.frozen_by.name if frozen.frozen_by else "系统"
    blocks.append(set_as.Text(f"申请人{asked}、冻结人{froze}、监督人{witness}，请在打印件上签字："))
    return set_as.Paper(
        title="评审专家抽取记录",
        body=set_as.numbered(blocks),
        signer=own.get("issuer") or f"{draw.region.name}科学技术局",
        issued_on=day_of(result.drawn_at),
    )


def _minute(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _digests(frozen: FrozenPool, result: DrawResult) -> set_as.Table:
    """What is compared with what was published, a row each, in groups of eight for the eye."""
    first = result.versions[0]
    rows: list[list[set_as.Value]] = [
        ["冻结文件", "SHA-256", _grouped(frozen.sha256)],
        ["冻结文件", "SM3", _grouped(frozen.sm3)],
        ["封存的随机数", "见冻结文件", _grouped(frozen.commitment)],
        ["抽取结果", "SHA-256", _grouped(first["sha256"])],
        ["抽取结果", "SM3", _grouped(first["sm3"])],
    ]
    if len(result.versions) > 1:
        rows.append(["递补后的结果", "SHA-256", _grouped(result.sha256)])
    columns = [
        set_as.Column("文件", width=1.1),
        set_as.Column("算法", align="center", width=0.8),
        set_as.Column("摘要", width=3.2),
    ]
    return set_as.Table(columns, rows)


def _grouped(digest: str) -> str:
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def _panel(draw: Draw) -> set_as.Table:
    columns = [
        set_as.Column("席位", align="center", width=0.6),
        set_as.Column("姓名", align="center", width=1),
        set_as.Column("单位", width=2.6),
        set_as.Column("类型", align="center", width=1.2),
        set_as.Column("情况", align="center", width=1.2),
    ]
    rows: list[list[set_as.Value]] = []
    for seat in draw.seats.select_related("expert__person").order_by("order", "pk"):
        word = "递补" if seat.after_id and seat.state != Seat.State.DECLINED else seat.get_state_display()
        rows.append([seat.order, seat.expert.person.name, seat.expert.employer, seat.expert.get_kind_display(), word])
    return set_as.Table(columns, rows, caption="评审组名单")
