"""The draw itself: sealed number and witness's digits meet under the draw's lock, once."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from keji.kernel.audit.log import log, writing
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import whole
from keji.lib import draw as lots
from keji.lib.draw import DrawError, Outcome, Shares
from keji.modules.experts.models import Draw, DrawResult, WitnessNote
from keji.modules.experts.services.freezing import frozen_of


def draw_with_witness(draw: Draw, digits: str, public: str = "", *, actor: Actor, at: datetime) -> Draw:
    """The inspector says the digits; the panel follows. Raises Refused, and then nothing at all has happened."""
    found: Draw = take("witness", draw, actor=actor, at=at, digits=digits, public=public)
    return found


def keep_result(draw: Draw, digits: str, public: str, actor: Actor, at: datetime) -> None:
    """Part of the step 见证抽取. The log says that it happened, and the result's digest; never who was drawn."""
    from keji.modules.experts.services.seats import seat_panel

    if DrawResult.objects.filter(draw=draw).exists():
        raise Refused("这次抽取已经有结果，不能再抽")
    try:
        outcome = lots.draw(frozen_of(draw), Shares(draw.frozen.nonce, digits.strip(), whole(public, 200, "公开数字")))
    except DrawError as why:
        raise Refused(str(why).rstrip("。")) from None
    version = {"at": at.isoformat(timespec="seconds"), "sha256": outcome.sha256, "sm3": outcome.sm3, "why": "抽取"}
    try:
        with transaction.atomic():
            DrawResult.objects.create(
                draw=draw, witness_id=actor.id, drawn_at=at, content=outcome.content.decode(), sha256=outcome.sha256,
                sm3=outcome.sm3, versions=[version],
            )  # fmt: skip
    except IntegrityError:
        raise Refused("这次抽取已经有结果，不能再抽") from None
    seat_panel(draw, outcome, at)
    log("抽取并封存", draw, {"结果摘要": [None, outcome.sha256], "监督人": [None, actor.name]})


def outcome_of(draw: Draw) -> Outcome:
    """The sealed result read back. For code that has asked who may see it."""
    return Outcome.read(draw.result.content.encode())


def observe(draw: Draw, kind: str, text: str, *, actor: Actor, at: datetime) -> WitnessNote:
    """The inspector notes something, or signs what is published at this moment."""
    text = whole(text, 500, "监督记录")
    with writing(actor, at):
        if not actor.has(Role.INSPECTOR) or actor.is_system:
            raise Refused("监督记录由派驻纪检填写")
        if kind == WitnessNote.Kind.NOTE and not text:
            raise Refused("请写明看到的情况")
        digest = ""
        if kind == WitnessNote.Kind.SIGN:
            digest = signed_digest(draw)
            if draw.observations.filter(kind=kind, digest=digest, by_id=actor.id).exists():
                raise Refused("您已经签过这一版")
            text = text or "现场见证，程序无误"
        made = WitnessNote.objects.create(
            draw=draw, kind=kind, text=text, digest=digest, by_id=actor.id, by_name=actor.name, at=at
        )
        log(f"监督{made.get_kind_display()}", draw, {"摘要": [None, digest]} if digest else {})
    return made


def signed_digest(draw: Draw) -> str:
    """What a signature stands under now: the result's digest, before the draw the frozen file's. Else Refused."""
    if result := DrawResult.objects.filter(draw=draw).first():
        return result.sha256
    if draw.state == Draw.State.REQUESTED or not hasattr(draw, "frozen"):
        raise Refused("还没有冻结，没有可签的内容")
    return str(draw.frozen.sha256)


def check_again(draw: Draw, *, actor: Actor, at: datetime) -> tuple[bool, list[tuple[str, bool]]]:
    """Do every step of a past draw anew and compare. → (all right, [(what was checked, right)]); kept as 复核."""
    with writing(actor, at):
        if not actor.has(Role.INSPECTOR):
            raise Refused("复核由派驻纪检办理")
        steps = list(_checks(draw))
        sound = all(right for _, right in steps)
        wrong = "、".join(what for what, right in steps if not right)
        WitnessNote.objects.create(
            draw=draw, kind=WitnessNote.Kind.CHECK, text="复核相符" if sound else f"复核不符：{wrong}",
            digest=draw.result.sha256, by_id=actor.id, by_name=actor.name, at=at,
        )  # fmt: skip
        log("复核抽取", draw, {"结果": [None, "相符" if sound else f"不符：{wrong}"]})
    return sound, steps


def _checks(draw: Draw) -> list[tuple[str, bool]]:
    kept = draw.frozen
    try:
        frozen, outcome = frozen_of(draw), outcome_of(draw)
        again = lots.draw(frozen, outcome.shares)
        for step in outcome.replacements:
            again = lots.replace(frozen, again, step.declined, reason=step.reason, at=step.at)
    except (DrawError, OSError) as why:
        return [(f"重新推算（{why}）", False)]
    pool = {e.alias: e.state for e in draw.pool.all()}
    seated = set(draw.seats.exclude(state="declined").values_list("alias", flat=True))
    return [
        ("冻结文件与公布的摘要一致", frozen.sha256 == kept.sha256 and frozen.sm3 == kept.sm3),
        ("各状态人数合计等于库内人数", sum(frozen.pool.states().values()) == len(pool)),
        ("库内每人的状态与冻结文件一致", {e.id: e.state.value for e in frozen.pool.experts} == pool),
        ("随机数与事先公布的摘要一致", frozen.commitment == kept.commitment),
        ("由同样的数字推出同样的评审组和备选", again.content == outcome.content),
        ("结果与公布的摘要一致", outcome.sha256 == draw.result.sha256),
        ("现有席位与结果一致", seated == set(outcome.current)),
        ("抽中的人冻结时都可抽取", all(pool.get(a) == "eligible" for a in outcome.panel)),
    ]


def witness_name(draw: Draw) -> str:
    account: Account | None = draw.result.witness
    return account.name if account else ""
