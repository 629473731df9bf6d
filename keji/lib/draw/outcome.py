"""From the shares to the panel, and from a refusal to who comes next. Digests and integers only.

The panel: a ball number, uniform over all balls; each panel of the lottery owns as many balls as its weight, in the
order of the file. The substitutes: everybody eligible and not on the panel, ordered by a digest of seed and id, each
order equally likely. A uniform order rather than one weighted by odds: among those who could take a certain seat all
then have the same chance, and anybody can replay it with a digest and a sort. Who takes a seat is the first in that
order with whom the panel keeps quotas and employer cap.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from keji.lib.draw.frozen import Frozen
from keji.lib.draw.keeping import Keeping
from keji.lib.draw.pool import DrawError
from keji.lib.draw.seed import Shares, check_shares, order_key, seed_of, uniform
from keji.lib.merkle import canonical, digest_of

FORMAT = "keji-draw-outcome-1"


@dataclass(frozen=True)
class Substitute:
    """A named substitute, and the members of the drawn panel whose seat this expert could take."""

    id: str
    seats: tuple[str, ...]


@dataclass(frozen=True)
class Replacement:
    """One member who declined: the reason as recorded, who takes the seat, how many before in the order did not fit."""

    declined: str
    reason: str
    at: str
    taken: str
    passed_over: int


@dataclass(frozen=True)
class Outcome:
    """The result of a draw. `content` is the published file byte for byte."""

    content: bytes

    @classmethod
    def of(cls, data: dict[str, Any]) -> Outcome:
        bare = {key: value for key, value in data.items() if key != "digest"}
        return cls(canonical(bare | {"digest": digest_of("sha256")(canonical(bare)).hex()}))

    @classmethod
    def read(cls, content: bytes) -> Outcome:
        """A published file read back. DrawError where it is not one or its digest does not fit."""
        try:
            data = json.loads(content)
            same = data.get("format") == FORMAT and cls.of(data).content == content
        except (ValueError, TypeError, AttributeError, RecursionError) as problem:
            raise DrawError(f"抽取结果读不懂：{problem}。请重新下载公布的文件。") from None
        if not same:
            raise DrawError("这不是抽取结果文件，或者内容被改动过，请重新下载公布的文件。")
        return cls(content)

    @cached_property
    def data(self) -> dict[str, Any]:
        return json.loads(self.content)

    @property
    def shares(self) -> Shares:
        return Shares(self.data["nonce"], self.data["digits"], self.data["public"])

    @property
    def seed(self) -> str:
        return self.data["seed"]

    @property
    def ball(self) -> int:
        """The ball drawn, from 0."""
        return self.data["ball"]

    @property
    def panel_number(self) -> int:
        """Which panel of the frozen file owns the ball, from 0."""
        return self.data["panel_number"]

    @property
    def panel(self) -> tuple[str, ...]:
        """The panel as drawn, by id."""
        return tuple(self.data["panel"])

    @property
    def current(self) -> tuple[str, ...]:
        """The panel after all replacements, by id."""
        return tuple(self.data["current"])

    @property
    def substitutes(self) -> tuple[Substitute, ...]:
        return tuple(Substitute(s["id"], tuple(s["seats"])) for s in self.data["substitutes"])

    @property
    def uncovered(self) -> tuple[str, ...]:
        """Members of the drawn panel for whom nobody in the pool could step in."""
        return tuple(self.data["uncovered"])

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        return tuple(Replacement(**entry) for entry in self.data["replacements"])

    @property
    def sha256(self) -> str:
        return digest_of("sha256")(self.content).hex()

    @property
    def sm3(self) -> str:
        return digest_of("sm3")(self.content).hex()


def draw(frozen: Frozen, shares: Shares) -> Outcome:
    """The panel and the named substitutes that follow from the frozen file and the shares, always the same.

    DrawError when the nonce does not open the commitment, or digits or public figure are not as agreed.
    """
    agreed, algorithm = frozen.data["seed"], frozen.algorithm
    check_shares(
        shares,
        commitment=agreed["commitment"],
        digits=agreed["digits"],
        public=agreed["public"],
        algorithm=algorithm,
    )
    seed = seed_of(shares, frozen.sha256, algorithm)
    ball = uniform(seed, "ball", frozen.balls, algorithm)
    number = next(i for i, owned in enumerate(accumulate(frozen.weights)) if ball < owned)
    panel = frozen.panels[number]
    named, uncovered = _named(frozen, seed, panel)
    ids = [frozen.pool.experts[i].id for i in panel]
    return Outcome.of(
        {
            "format": FORMAT,
            "frozen": {"sha256": frozen.sha256, "sm3": frozen.sm3, "sections": frozen.sections()},
            "nonce": shares.nonce,
            "digits": shares.digits,
            "public": shares.public,
            "seed": seed,
            "ball": ball,
            "panel_number": number,
            "panel": ids,
            "substitutes": named,
            "uncovered": uncovered,
            "replacements": [],
            "current": ids,
        }
    )


def order_of(frozen: Frozen, seed: str, panel: Sequence[int]) -> list[int]:
    """Everybody eligible and not on the drawn panel, as positions in the pool, first substitute first."""
    drawn, experts = set(panel), frozen.pool.experts
    waiting = [i for i in frozen.pool.eligible() if i not in drawn]
    return sorted(waiting, key=lambda i: order_key(seed, experts[i].id, frozen.algorithm))


def _named(frozen: Frozen, seed: str, panel: list[int]) -> tuple[list[dict[str, Any]], list[str]]:
    """The substitutes to name: the first in order who fit some seat, then who first fits a seat nobody named fits."""
    tally, experts = Keeping(frozen.pool, frozen.request).tally(panel), frozen.pool.experts
    named: list[dict[str, Any]] = []
    open_seats = set(panel)
    wanted = frozen.request.substitutes
    for candidate in order_of(frozen, seed, panel) if wanted else ():
        if len(named) >= wanted and not open_seats:
            break
        if len(named) >= wanted and all(tally.against(seat, candidate) for seat in open_seats):
            continue
        if seats := [seat for seat in panel if not tally.against(seat, candidate)]:
            named.append({"id": experts[candidate].id, "seats": [experts[seat].id for seat in seats]})
            open_seats.difference_update(seats)
    return named, [experts[seat].id for seat in panel if wanted and seat in open_seats]


def candidates(frozen: Frozen, outcome: Outcome, declined: str) -> list[tuple[str, str]]:
    """[(id, why not)] in the order up to and with the one who takes the seat, whose reason is "".

    Without anybody who fits, all have a reason. DrawError when `declined` holds no seat now.
    """
    places = {e.id: i for i, e in enumerate(frozen.pool.experts)}
    panel = [places[i] for i in outcome.current]
    if declined not in outcome.current:
        raise DrawError(f"{declined} 现在不在评审组里，不能登记不参加，请核对编号。")
    tally = Keeping(frozen.pool, frozen.request).tally(panel)
    gone = {r.declined for r in outcome.replacements} | set(outcome.current)
    walked = []
    for candidate in order_of(frozen, outcome.seed, [places[i] for i in outcome.panel]):
        expert = frozen.pool.experts[candidate].id
        if expert in gone:  # serves already, or has declined before
            continue
        why = tally.against(places[declined], candidate)
        walked.append((expert, why))
        if not why:
            break
    return walked


def replace(frozen: Frozen, outcome: Outcome, declined: str, *, reason: str, at: str) -> Outcome:
    """The outcome after a member declined and the next in order took the seat; one at a time.

    `reason` and `at` are recorded as given. DrawError when the member holds no seat, no reason is given, the outcome
    belongs to another frozen file, or nobody left fits: the sentence then says what holds most of them back.
    """
    if outcome.data["frozen"]["sha256"] != frozen.sha256:
        raise DrawError("这份抽取结果属于另一份冻结文件，请核对后再登记。")
    if not reason.strip() or not at.strip():
        raise DrawError("请写明专家不能参加的原因和登记时间。")
    walked = candidates(frozen, outcome, declined)
    if not walked or walked[-1][1]:
        raise DrawError(_nobody(declined, [why for _, why in walked]))
    taken = walked[-1][0]
    entry = {"declined": declined, "reason": reason, "at": at, "taken": taken, "passed_over": len(walked) - 1}
    current = [taken if i == declined else i for i in outcome.current]
    return Outcome.of(outcome.data | {"replacements": [*outcome.data["replacements"], entry], "current": current})


def _nobody(declined: str, reasons: list[str]) -> str:
    if not reasons:
        return f"{declined} 不参加后，库里已没有其他可抽取的专家。请补充专家后重新冻结、重新抽取，并记录原因。"
    most = max(sorted(set(reasons)), key=reasons.count)
    return (
        f"{declined} 不参加后，备选的 {len(reasons)} 人都不能接替，最多的原因是：{most}。"
        "请放宽名额要求或补充专家后重新冻结、重新抽取，并记录原因。"
    )
