"""Targets without an ordinary figure: ranks, 翻番, 应评尽评, 清零, and milestones."""

from __future__ import annotations

import re
from decimal import Decimal

from . import phrase, words
from .cases import Case
from .lexer import Token
from .model import Target
from .outline import Paragraph
from .state import State

_RANKED = re.compile(
    r"全国|全省|全市|全区|位居|排名|位列|名列|进入|跻身|迈入|挺进|居|列|位次|排位|同类|地级市|中部|西部|省内|国内|综合|考核"
)
_DONE = words.listed(
    "落户 建成 出台 成立 挂牌 投产 上市 启动 投入使用 印发 制定 建立 组建 获批 完成 开工 竣工 设立 创成 搭建 "
    "签约 创建 实施 打造 推进 举办 开展 编制 修订 建成投用 竣工投产 开工建设 建成投产"
)
_FIRM = _DONE - {"实施", "推进", "打造", "开展", "完成", "建立", "制定"} | {"出台", "成立"}


def _blank(op: str, value: Decimal | None, unit: str) -> Target:
    return Target(0, "", "", op, value, unit, value, unit, None, [], op, "")


def read(case: Case, paragraph: Paragraph, source: list[str]) -> Target | None:
    """The target a special token makes, or None when it is only an ordinal or a name."""
    token = case.slot.token
    if token.kind == "rank":
        return _rank(case)
    if token.kind == "multiple":
        named = token.text == "倍增" and (bool(case.right_text) or token.quoted)
        return None if named or (token.quoted and not case.left.subject) else _blank("multiple", token.data, "倍")
    if token.kind == "zero":
        named = case.right_text.startswith(words.NOT_ZERO)
        return None if named else _blank("drive_to_zero", Decimal(0), "")
    if token.text == "全覆盖":
        return _blank("coverage_all", None, "") if case.closed else None
    return _blank("coverage_all", None, "")


def _rank(case: Case) -> Target | None:
    value, unit = case.slot.token.data
    left = "".join(token.text for token in case.slot.left)
    if not _RANKED.search(left) or (case.right_text and not case.closed):
        return None
    if value > 200 or (
        case.slot.token.text == "第一" and not re.search(r"全国|全省|全市|位居|排名|位列|名列|居|列", left)
    ):
        return None
    target = _blank("rank_le", value, unit if unit not in ("", "强", "名次", "位次") else "位")
    target.pattern = "rank"
    return target


def ranked(left: list[Token]) -> bool:
    """进入全国50强: a place among the best, not a number of things."""
    return re.search(r"进入|跻身|迈入|挺进|冲刺|入围|位列|位居|进军|晋级", "".join(t.text for t in left)) is not None


def milestone(tokens: list[Token], state: State) -> Target | None:
    """落户, 建成, 出台 without a figure: a yes/no target."""
    if state.tense == "past" or len(tokens) < 2:
        return None
    opening = next(
        (
            t
            for t in tokens
            if t.kind not in ("time", "mark") and not (t.kind == "word" and t.text in words.LEAD | words.COMMIT)
        ),
        None,
    )
    verb = next((t for t in tokens if t.text in _FIRM and t.kind in ("word", "text")), None)
    if verb is None and opening is not None and opening.text in _DONE and state.tense == "future":
        verb = opening
    if verb is None or sum(len(t.text) for t in tokens) > 60:
        return None
    trimmed, _ = phrase.trim(tokens)
    target = _blank("milestone", None, "")
    target.subject = "".join(t.text for t in trimmed)
    target.verb = verb.text
    return target if target.subject else None
