"""The pace a target is held to: its stored curve, or what its indicator says of its season.

Stored as JSON on the target: {} is an equal part each day (or the indicator's season), {"kind": "quarterly", "shares":
["1/4", …]}, {"kind": "milestones", "points": [["2024-06-30", "1/2"], …]}, {"kind": "season", "opens_on": "2024-06-27"},
{"kind": "linear", "start": "2024-03-01"}, {"kind": "none"} for what is not judged by time.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from keji.lib.pace import Curve, Linear, Milestones, Season, quarterly


def curve_of(target: Any, indicator: Any = None) -> Curve | None:
    """The curve of a plan target; a season the indicator declares applies where the target says nothing."""
    stored: dict[str, Any] = target.curve or {}
    due: date = target.due_on
    kind = stored.get("kind", "")
    if kind == "none":
        return None
    if kind == "milestones":
        return Milestones(tuple((date.fromisoformat(day), Fraction(share)) for day, share in stored["points"]))
    if kind == "quarterly":
        shares = [Fraction(s) for s in stored.get("shares", ("1/4", "1/2", "3/4", "1"))]
        return quarterly(due.year, shares)
    if kind == "season":
        return _season(date.fromisoformat(stored["opens_on"]), due)
    if kind == "linear":
        return Linear(date.fromisoformat(stored["start"]), due)
    if not kind and (opens := getattr(indicator, "opens_on", None)):
        return _season(date(due.year, *opens), due)
    return Linear(date(due.year, 1, 1), due)


def _season(open_on: date, due: date) -> Curve:
    return Season(open_on, due) if open_on <= due else Linear(date(due.year, 1, 1), due)


def curve_text(curve: Curve | None) -> str:
    """How pace is judged, in a phrase for readers."""
    if curve is None:
        return "不按时间判断进度"
    if isinstance(curve, Milestones):
        return "按节点：" + "、".join(f"{d.month}月{d.day}日前 {_share(s)}" for d, s in curve.points)
    if isinstance(curve, Season):
        return f"按季节：{curve.open_on.month}月{curve.open_on.day}日开放后逐日均衡，之前不算慢"
    return f"按时间均衡推进（{curve.start.month}月{curve.start.day}日至{curve.end.month}月{curve.end.day}日）"


def _share(share: Fraction) -> str:
    return "全部" if share == 1 else f"{share.numerator}/{share.denominator}"
