"""Freezing: pool, rules, odds and the digest of the sealed number go into one published file.

The work is done before the transaction; inside it the pool is looked at once more, and a change in between refuses.
In the file an expert has a name of its own, a digest under a salt that stays sealed: the file can be published, and
nobody learns from it who was drawn.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from keji.kernel.audit.log import log
from keji.kernel.documents.models import keep
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.lib import draw as lots
from keji.lib.draw import NONCE_BYTES, DrawError, Fairness, Frozen, Impossible, commitment_of
from keji.modules.experts.asking import MOST
from keji.modules.experts.models import Draw, FrozenPool, PoolEntry
from keji.modules.experts.services.snapshot import Snapshot, Stand, snapshot

BATCH = 500
SALT_BYTES = 16
#: How secret numbers come about: so many bytes, as hex digits.
Chance = Callable[[int], str]
#: Told how much of the calculation is done, of how much.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Terms:
    """How the seed will come about, fixed at freezing. `public`: which public figure is mixed in, "" for none."""

    digits: int = 6
    public: str = ""
    algorithm: str = "sha256"


@dataclass(frozen=True)
class Prepared:
    """Everything worked out before the transaction."""

    digest: str
    frozen: Frozen
    stands: tuple[Stand, ...]
    aliases: dict[int, str]
    terms: Terms
    nonce: str = field(repr=False)
    salt: str = field(repr=False)


def freeze_draw(
    draw: Draw,
    terms: Terms = Terms(),  # noqa: B008 - frozen
    *,
    actor: Actor,
    at: datetime,
    chance: Chance = secrets.token_hex,
) -> Draw:
    """Freeze the pool of a requested draw. Raises Refused with a sentence; an impossible request says what would do.

    `chance` is replaced only where the same story must be told twice.
    """
    if why := Draw.flow["freeze"].refusal(actor, draw):
        raise Refused(why)
    prepared = prepare(draw, terms, at, chance)
    found: Draw = take("freeze", draw, actor=actor, at=at, prepared=prepared)
    return found


def prepare(
    draw: Draw,
    terms: Terms,
    at: datetime,
    chance: Chance = secrets.token_hex,
    progress: Progress = lambda done, total: None,
) -> Prepared:
    """Look at the pool and work out the lottery; nothing is written. What `progress` raises ends it."""
    shot = snapshot(draw)
    salt, nonce = chance(SALT_BYTES), chance(NONCE_BYTES)
    aliases = {s.side.key: alias(salt, s.side.number) for s in shot.stands}
    try:
        frozen = lots.freeze(
            *pool_and_request(draw, shot, salt),
            commitment=commitment_of(nonce, terms.algorithm),
            at=at.isoformat(timespec="seconds"),
            digits=terms.digits,
            public=terms.public,
            algorithm=terms.algorithm,
            progress=progress,
        )
    except Impossible as why:
        raise Refused(with_names(str(why)).rstrip("。")) from None
    except DrawError as why:
        raise Refused(str(why).rstrip("。")) from None
    return Prepared(shot.digest, frozen, shot.stands, aliases, terms, nonce, salt)


def pool_and_request(draw: Draw, shot: Snapshot, salt: str) -> tuple[lots.Pool, lots.Request]:
    """What the lottery is made from, under the names the published file uses."""
    categories = _categories(draw)
    pool = lots.Pool.of(_published(s, alias(salt, s.side.number), salt, categories) for s in shot.stands)
    return pool, _request(draw, shot)


def alias(salt: str, number: str) -> str:
    """What the published file calls an expert."""
    return "E" + sha256(f"{salt}|{number}".encode()).hexdigest()[:15]


def _handle(salt: str, text: str) -> str:
    """A word of the file that is equal for equal things and tells nothing else; "" stays ""."""
    return sha256(f"{salt}|{text}".encode()).hexdigest()[:12] if text else ""


def _categories(draw: Draw) -> set[str]:
    """Only what a quota asks for leaves: in a thin field every further feature would help to guess a name."""
    return {q["category"] for q in draw.quotas}


def _published(stand: Stand, name: str, salt: str, categories: set[str]) -> lots.Expert:
    hit = stand.hits[0] if stand.hits else None
    side = stand.side
    return lots.Expert(
        id=name,
        employer=_handle(salt, str(side.party) if side.party else side.employer),
        features={c: v for c, v in stand.features.items() if c in categories},
        state=stand.state,
        rule=hit.title if hit else "",
        record=_handle(salt, f"{hit.rule}|{hit.record}") if hit else "",
    )


def _request(draw: Draw, shot: Snapshot) -> lots.Request:
    return lots.Request(
        size=draw.size,
        quotas=tuple(lots.Quota(q["category"], q["value"], q["least"], min(q["most"], MOST)) for q in draw.quotas),
        employer_cap=draw.employer_cap,
        substitutes=draw.substitutes,
        about={
            "编号": draw.number,
            "评审事项": draw.title,
            "评审日期": draw.review_on.isoformat(),
            "学科范围": "、".join(draw.disciplines) or "不限",
            "每人每年次数上限": str(shot.rotation_cap),
            "替代的抽取": draw.instead_of.number if draw.instead_of else "",
        },
        even_allowed=False,
    )


def with_names(sentence: str) -> str:
    """Discipline codes of a quota with their names, for people."""
    from keji.modules.experts.models import Discipline

    for code, name in Discipline.objects.filter(parent=None).values_list("code", "name"):
        sentence = sentence.replace(f"「{code}」", f"「{name}」")
    return sentence


def keep_frozen(draw: Draw, prepared: Prepared, actor: Actor, at: datetime) -> None:
    """Part of the step 冻结, under the draw's lock."""
    if snapshot(draw).digest != prepared.digest:
        raise Refused("冻结期间专家库有变化，没有冻结，请再试一次")
    frozen = prepared.frozen
    fair = frozen.fairness
    FrozenPool.objects.create(
        draw=draw,
        file=keep(frozen.content),
        sha256=frozen.sha256,
        sm3=frozen.sm3,
        commitment=frozen.commitment,
        nonce=prepared.nonce,
        salt=prepared.salt,
        digits=prepared.terms.digits,
        public=prepared.terms.public,
        states=frozen.pool.states(),
        fairness=_plain(fair),
        frozen_at=at,
        frozen_by_id=actor.id,
    )
    balls = {name: int(chance * frozen.balls) for name, chance in frozen.odds().items()}
    PoolEntry.objects.bulk_create(
        [_entry(draw, s, prepared.aliases[s.side.key], balls) for s in prepared.stands], batch_size=BATCH
    )
    log("公布冻结文件", draw, {"SHA-256": [None, frozen.sha256], "SM3": [None, frozen.sm3]})


def _plain(fair: Fairness) -> dict[str, Any]:
    return {
        "balls": fair.balls, "least": fair.least, "most": fair.most, "gini": str(fair.gini), "bound": str(fair.bound),
        "proof": fair.proof, "spread": fair.spread,
    }  # fmt: skip


def _entry(draw: Draw, stand: Stand, name: str, balls: dict[str, int]) -> PoolEntry:
    hit = stand.hits[0] if stand.hits else None
    return PoolEntry(
        draw=draw,
        expert_id=stand.side.key,
        alias=name,
        state=stand.state.value,
        rule=hit.title if hit else "",
        record=hit.record if hit else "",
        sentence=hit.sentence if hit else "",
        others=[h.sentence for h in stand.hits[1:]],
        balls=balls.get(name, 0),
    )


def frozen_of(draw: Draw) -> Frozen:
    """The published file read back. Raises DrawError when the bytes are not those that were published."""
    kept = draw.frozen
    frozen = Frozen.read(kept.file.read())
    if frozen.sha256 != kept.sha256:
        raise DrawError("冻结文件的内容与公布的摘要不符，请立即保护现场并报告派驻纪检。")
    return frozen
