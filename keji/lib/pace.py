"""Lights by value against pace: is a target on its way, judged by the figure and the part of the year gone by.

The rule (rules of supervision, by design, none is published): green when the value has reached what the curve expects,
yellow when it falls short by at most 10 points of the whole, red below that or when overdue. All comparisons are of
exact products, never of quotients: 24.15 over 21.00 is a growth of exactly 15 %, which binary floats deny.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from keji.lib.bridge import Bridge, Part, bridge
from keji.lib.completion import Bounds, Op, completion, growth_rate
from keji.lib.curves import Curve, Linear, Milestones, Season, due_on, expected, linear_year, quarterly
from keji.lib.figures import Number, format_number, plain_date
from keji.lib.forecast import Forecast, forecast_flow, forecast_stock

__all__ = [
    "Bridge", "Curve", "Forecast", "Light", "LightKind", "Linear", "Milestones", "Op", "Part", "Season", "bridge",
    "completion", "due_on", "expected", "forecast_flow", "forecast_stock", "growth_rate", "judge", "linear_year",
    "quarterly",
]  # fmt: skip

ALLOWANCE = Fraction(1, 10)  # of the whole: how far behind still is yellow
ABOUT = Fraction(1, 20)  # 约2500人: within 5 % counts as reached


class LightKind(StrEnum):
    NOT_APPLICABLE = "not_applicable"
    NOT_REPORTED = "not_reported"
    NOT_STARTED = "not_started"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    AT_RISK = "at_risk"
    DONE = "done"
    OVER = "over"

    @property
    def word(self) -> str:
        return _WORDS[self]


_WORDS = {
    LightKind.NOT_APPLICABLE: "不适用",
    LightKind.NOT_REPORTED: "未报",
    LightKind.NOT_STARTED: "未开始",
    LightKind.ON_PACE: "正常",
    LightKind.BEHIND: "偏慢",
    LightKind.AT_RISK: "滞后",
    LightKind.DONE: "已完成",
    LightKind.OVER: "超额",
}


@dataclass(frozen=True)
class Light:
    """A light and the Chinese sentence that justifies it."""

    kind: LightKind
    reason: str

    @property
    def word(self) -> str:
        return self.kind.word


@dataclass(frozen=True)
class _Case:
    """One judgement: what `judge` was given, in exact fractions."""

    value: Fraction
    target: Number | Bounds | None
    op: Op
    share: Fraction
    on: date
    due: date
    base: Number | None
    stock: bool
    allowance: Fraction
    unit: str

    @property
    def final(self) -> bool:
        """The last day has come: what was reached stays reached."""
        return self.on >= self.due

    @property
    def overdue(self) -> bool:
        return self.on > self.due

    def say(self, number: Number) -> str:
        return format_number(number, self.unit, places=None if _ends(Fraction(number)) else 2)


def _ends(number: Fraction) -> bool:
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1 and number.denominator <= 10**4


def judge(
    value: Number | bool | None,
    target: Number | Bounds | None,
    op: str,
    curve: Curve | None,
    on: date,
    *,
    base: Number | None = None,
    stock: bool = False,
    allowance: Fraction = ALLOWANCE,
    unit: str = "",
) -> Light:
    """The light of a target on a day.

    `value`: the figure so far. Of a flow (新增, 累计) since the year began; of a `stock` (总数) what there is; of
    growth_* a rate in per cent; of coverage_all how many are covered; of drive_to_zero how many are left; of a
    milestone reached or not. `target`: a number, (low, high) for range, how many there are for coverage_all.
    `base`: the stock at the year's beginning, what there was to drive to zero. `allowance`: how much of the whole
    behind is yellow. `unit`: for the sentence. ValueError for an unknown op, or bounds where a number belongs.
    """
    kind = Op(op)
    ranged = kind in (Op.RANGE, Op.GROWTH_RANGE)
    if target is not None and ranged != isinstance(target, tuple):
        raise ValueError("a range needs (low, high), every other operator one number")
    if curve is None:
        return Light(LightKind.NOT_APPLICABLE, "没有时间要求，不判断进度。")
    if target is None and kind not in (Op.DRIVE_TO_ZERO, Op.MILESTONE):
        return Light(LightKind.NOT_APPLICABLE, "没有量化目标，不判断进度。")
    share = expected(curve, on)
    if value is None:
        if not share:
            return Light(LightKind.NOT_STARTED, f"还没有到应有进度的时间（{plain_date(due_on(curve))}前完成）。")
        return Light(LightKind.NOT_REPORTED, f"截至{plain_date(on)}没有报送数据。")
    exact = Fraction(value)
    case = _Case(exact, target, kind, share or Fraction(0), on, due_on(curve), base, stock, allowance, unit)
    started = exact != 0 or kind in (Op.LE, Op.LT, Op.DRIVE_TO_ZERO) or kind.startswith("growth_")
    if not share and not started and not (kind is Op.COVERAGE_ALL and target == 0):
        return Light(LightKind.NOT_STARTED, f"还没有到应有进度的时间（{plain_date(due_on(curve))}前完成）。")
    return _RULES[kind](case)


def _reach(case: _Case, goal: Fraction, *, strict: bool = False, over: Fraction | None = None, said: str = "") -> Light:
    """A level to be reached from below: by pace for flows, from the base for stocks.

    `over`: beyond it is 超额 (default: the goal). `said`: how the goal is called, when it is not just its number.
    """
    said = said or f"目标 {case.say(goal)}"
    if case.value > goal or (case.value == goal and not strict):
        return _reached(case, goal if over is None else over, said)
    if case.overdue:
        return Light(LightKind.AT_RISK, f"{plain_date(case.due)}已到期，{said}，实际 {case.say(case.value)}。")
    if case.stock and case.base is None:
        # Without the number at the beginning there is no pace; only the distance to the goal can be told.
        return Light(LightKind.BEHIND, f"没有年初基数，不能算进度；{said}，现有 {case.say(case.value)}。")
    start = Fraction(case.base) if case.stock and case.base is not None else Fraction(0)
    if goal <= start:
        return Light(LightKind.AT_RISK, f"年初已有 {case.say(start)}，现为 {case.say(case.value)}，{said}，没有守住。")
    return _against_pace(case, start, goal - start)


def _against_pace(case: _Case, start: Fraction, way: Fraction) -> Light:
    """Green, yellow, red by where the value stands on the way; products only, so a small `way` is no danger."""
    wanted = start + case.share * way
    share = format_number(case.share * 100, "%", places=1)
    # A stock does not begin at zero: saying only the share would not explain the figure beside it.
    part = f"从年初 {case.say(start)} 起应走完全程的 {share}" if start else f"应完成全年的 {share}"
    said = f"截至{plain_date(case.on)}{part}（{case.say(wanted)}），实际 {case.say(case.value)}"
    ahead = (case.value - wanted) * (1 if way > 0 else -1)
    if ahead >= 0:
        return Light(LightKind.ON_PACE, f"{said}，不低于应有进度。")
    points = format_number(case.allowance * 100, places=0)
    if ahead >= -case.allowance * abs(way):
        return Light(LightKind.BEHIND, f"{said}，落后不超过 {points} 个百分点。")
    return Light(LightKind.AT_RISK, f"{said}，落后超过 {points} 个百分点。")


def _reached(case: _Case, over: Fraction, said: str) -> Light:
    said = f"{said}，实际 {case.say(case.value)}"
    if case.stock and not case.final:
        return Light(LightKind.ON_PACE, f"{said}，目前已达到；总数会因到期、撤销减少，年底才算完成。")
    if case.value > over:
        return Light(LightKind.OVER, f"{said}，超额完成。")
    return Light(LightKind.DONE, f"{said}，已完成。")


def _one(case: _Case) -> Fraction:
    assert case.target is not None and not isinstance(case.target, tuple)
    return Fraction(case.target)


def _judge_about(case: _Case) -> Light:
    goal = _one(case)
    band = abs(goal) * ABOUT
    return _reach(case, goal - band, over=goal + band, said=f"目标约 {case.say(goal)}")


def _judge_limit(case: _Case) -> Light:
    """A ceiling for the whole year: kept is normal until the end, broken is red at once."""
    limit = _one(case)
    said = f"上限 {case.say(limit)}，实际 {case.say(case.value)}"
    if case.value < limit or (case.value == limit and case.op is Op.LE):
        return (
            Light(LightKind.DONE, f"{said}，全年未超过。")
            if case.final
            else Light(LightKind.ON_PACE, f"{said}，没有超过。")
        )
    return Light(LightKind.AT_RISK, f"{said}，{'已超过' if case.value > limit else '已达到'}上限。")


def _judge_range(case: _Case) -> Light:
    assert isinstance(case.target, tuple)
    low, high = Fraction(case.target[0]), Fraction(case.target[1])
    if case.value > high:
        return Light(LightKind.OVER, f"范围 {case.say(low)}—{case.say(high)}，实际 {case.say(case.value)}，超过上限。")
    return _reach(case, low, over=high, said=f"目标 {case.say(low)}—{case.say(high)}")


def _judge_rate(case: _Case) -> Light:
    """Growth is a level, it does not add up: in any month the rate so far is compared with the rate wanted."""
    low, high, strict = _rate_bounds(case)
    said = f"目标 {_bounds_text(low, high)}，{plain_date(case.on)}为 {format_number(case.value, '%', places=2)}"
    missing = max(
        low - case.value if low is not None else Fraction(0), case.value - high if high is not None else Fraction(0)
    )
    edge = strict and case.value in (low, high)
    if missing <= 0 and not edge:
        if not case.final:
            return Light(LightKind.ON_PACE, f"{said}，目前达到；增速以年末数为准。")
        beyond = high is None and low is not None and case.value > low
        return Light(LightKind.OVER, f"{said}，超过目标。") if beyond else Light(LightKind.DONE, f"{said}，已达到。")
    if case.overdue:
        return Light(LightKind.AT_RISK, f"{said}，已到期，没有达到。")
    wanted = abs(low if low is not None and case.value <= low else high or Fraction(0))
    if missing <= wanted * case.allowance:
        return Light(LightKind.BEHIND, f"{said}，差 {format_number(missing, places=2)} 个百分点。")
    return Light(LightKind.AT_RISK, f"{said}，差 {format_number(missing, places=2)} 个百分点。")


def _rate_bounds(case: _Case) -> tuple[Fraction | None, Fraction | None, bool]:
    if isinstance(case.target, tuple):
        return Fraction(case.target[0]), Fraction(case.target[1]), False
    goal = _one(case)
    if case.op in (Op.GROWTH_LE, Op.GROWTH_LT):
        return None, goal, case.op is Op.GROWTH_LT
    if case.op is Op.GROWTH_ABOUT:
        return goal - abs(goal) * ABOUT, None, False
    return goal, goal if case.op is Op.GROWTH_EQ else None, case.op is Op.GROWTH_GT


def _bounds_text(low: Fraction | None, high: Fraction | None) -> str:
    shown = [format_number(b, "%", places=None if _ends(b) else 2) for b in (low, high) if b is not None]
    if low is None:
        return f"不超过 {shown[0]}"
    return "—".join(dict.fromkeys(shown))


def _judge_coverage(case: _Case) -> Light:
    if _one(case) <= 0:
        return Light(LightKind.NOT_APPLICABLE, "没有应覆盖的对象，不判断进度。")
    return _reach(case, _one(case), over=case.value)


def _judge_zero(case: _Case) -> Light:
    """What is left to clear. Zero holds only until the next one appears, so it is done at the end of the term."""
    if case.value <= 0:
        if case.final:
            return Light(LightKind.DONE, "已经清零。")
        return Light(LightKind.ON_PACE, "目前已清零，到期前如有新增须继续清零。")
    if case.overdue:
        return Light(LightKind.AT_RISK, f"{plain_date(case.due)}已到期，还剩 {case.say(case.value)} 没有清零。")
    if case.base is None or case.base <= 0:
        return Light(LightKind.BEHIND, f"没有期初数，不能算进度；还剩 {case.say(case.value)} 没有清零。")
    return _against_pace(case, Fraction(case.base), -Fraction(case.base))


def _judge_milestone(case: _Case) -> Light:
    if case.value:
        return Light(LightKind.DONE, "事项已完成。")
    if case.overdue:
        return Light(LightKind.AT_RISK, f"{plain_date(case.due)}已到期，事项没有完成。")
    return Light(LightKind.ON_PACE, f"事项在办，{plain_date(case.due)}前完成。")


_RULES: dict[Op, Callable[[_Case], Light]] = {
    Op.GE: lambda case: _reach(case, _one(case)),
    Op.GT: lambda case: _reach(case, _one(case), strict=True, said=f"目标大于 {case.say(_one(case))}"),
    Op.EQ: lambda case: _reach(case, _one(case)),
    Op.ABOUT: _judge_about,
    Op.LE: _judge_limit,
    Op.LT: _judge_limit,
    Op.RANGE: _judge_range,
    Op.COVERAGE_ALL: _judge_coverage,
    Op.DRIVE_TO_ZERO: _judge_zero,
    Op.MILESTONE: _judge_milestone,
    **{op: _judge_rate for op in Op if op.startswith("growth_")},
}
