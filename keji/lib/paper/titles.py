"""Where a long title breaks: whole words, lines of like length, as a trapezoid or a diamond."""

from __future__ import annotations

import math

from keji.lib.paper.layout import display_width

LINE_CHARS = 19.5  # at 22 pt on 156 mm

#: Words frequent in the titles of a science office; a break inside one reads badly.
_COMMON = """
关于 全市 全省 年度 科技 创新 技术 企业 工作 要点 推进 情况 通报 通知 报告 请示 意见 决定
公告 通告 批复 纪要 高新 高新技术 科学 研发 项目 申报 评审 立项 验收 管理 办法 实施 方案
组织 开展 认定 备案 计划 重点 专项 资金 补助 奖励 成果 转化 平台 人才 团队 特派员 科技特派员
县区 进展 进度 评价 考核 季度 月度 调度 检查 督办 整改 落实 加强 进一步 做好 印发 公布 名单
结果 公示 征集 需求 服务 中小 中小企业 科技型 工业 规模 以上 设备 仪器 共享 培训 机构 孵化器
众创空间 实验室 研究院 合同 登记 完成 指标 目标 建设 发展 经济 社会 农业 农村 工程 行动 规划
体系 能力
"""
_WORDS = frozenset(_COMMON.split())
_NOT_FIRST = "的和与及、，。：；）》〉”’之年月日号家项"
_NOT_LAST = "（《〈“‘第和与及"


def break_title(title: str) -> list[str]:
    """The title's lines. A line break typed by the author is kept as it is."""
    if "\n" in title:
        return [line.strip() for line in title.split("\n") if line.strip()]
    return break_lines(title, LINE_CHARS)


def break_lines(text: str, limit: float) -> list[str]:
    """Cut a text into lines of at most `limit` characters and like length."""
    lines = math.ceil(display_width(text) / limit)
    if lines <= 1 or lines > 6:
        return [text]
    result, rest = [], text
    for left in range(lines, 1, -1):
        at = _best_break(rest, left, limit)
        result.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [line for line in [*result, rest] if line]


def _best_break(text: str, lines: int, limit: float) -> int:
    """Where to cut the first of `lines` lines off: near an even share, never so that the rest grows too long."""
    total = display_width(text)
    share = total / lines
    best, cost = len(text), math.inf
    for at in range(1, len(text)):
        first = display_width(text[:at])
        if first > limit or total - first > limit * (lines - 1):
            continue
        # the upper line may well be the longer one, hence half a character towards it
        price = abs(first - share - 0.5) + _penalty(text, at)
        if price < cost:
            best, cost = at, price
    return best if cost < math.inf else max(1, round(len(text) / lines))


def _penalty(text: str, at: int) -> float:
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return 50.0
    if after in _NOT_FIRST or before in _NOT_LAST:
        return 20.0
    if before.isdigit():
        return 10.0
    for length in (5, 4, 3, 2):
        for start in range(max(0, at - length + 1), at):
            if text[start : start + length] in _WORDS and start + length > at:
                return 8.0
    return 0.0
