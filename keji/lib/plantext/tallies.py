"""Counts that are no results: tasks and measures counted, how a score is made up; and people helped, who are one."""

from __future__ import annotations

import re

from . import words
from .cases import Case

_LISTING = re.compile(r"(?:清单|本方案|本计划|本表|台账|要点)(?:共|共有|共计|包括|含)$")


def eases(case: Case) -> bool:
    """解决3.2万人饮水安全问题: people are counted, not questions."""
    if not case.unit and re.search(
        r"(?:人口|群众|农民|居民|职工|学生|学员|劳动力).{0,4}(?:脱贫|受益|就业|参保|入学)$", case.right_text
    ):
        return True
    people = case.unit in ("人", "万人", "户", "名", "万户")
    return people and case.slot.left[:1] != [] and any(t.text in ("解决", "化解") for t in case.slot.left)


def weight(case: Case) -> bool:
    """占考核分值30分, 指标权重的15%, LPR加50个基点: how a score or a rate is made up."""
    left = "".join(t.text for t in case.slot.left)
    if case.unit in ("个基点", "基点", "bp"):
        return re.search(r"LPR|加$|基准利率|同期", left) is not None
    return case.unit in words.PERCENT | {"分"} and re.search(r"权重|分值|满分|计分|总分|得分占", left[-14:]) is not None


def task_count(case: Case) -> bool:
    if case.slot.token.kind != "quantity" or case.unit not in words.COUNTERS:
        return False
    if eases(case):
        return False
    listing = "".join(t.text for t in case.slot.left[-4:])
    later = case.slot.later[0].text + "".join(t.text for t in case.slot.later[1:2]) if case.slot.later else ""
    if case.slot.left and case.slot.left[-1].text == "对" and re.match(r"(?:重点|主要)?(?:任务|工作|事项)", later):
        return True
    if case.left.verb in ("抓好", "做好", "抓实") and not case.left.subject:
        return True
    if case.unit in ("项", "条", "个") and _LISTING.search(listing):
        return True
    if case.noun in words.TASK_HEADS and not case.left.subject and not case.left.predicate.explicit:
        return True
    if case.closed:
        return False
    noun = case.noun
    head = noun.split("、")[0]
    if case.unit == "项" and re.match(r"民生(?:工程|实事)", head):
        return True
    if any(head.endswith(task) or noun.endswith(task) for task in words.TASK_HEADS):
        return True
    return (
        bool(
            re.match(
                r"(?:重点|主要|具体|目标|改革|工作|民生实事|实事|专项行动|大)+(?:任务|工作|举措|措施|实事|要点)", head
            )
        )
        or "实事" in head
    )
