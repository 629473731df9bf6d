"""A figure with everything the rules look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import words
from .phrase import Left
from .segments import Slot
from .state import State

GOAL_NOUNS = re.compile(
    r"的?(?:目标|水平|增长|增速|要求|任务|底线|标准|大关|关口|台阶|门槛|规模|速度|比例|预期|幅度|中高速增长|新台阶|既定|年度)"
)
_FOUND = words.listed("设立 组建 打造 形成 建立 设置 成立 新设 引导设立 做大 筹建 发起设立")


@dataclass(slots=True)
class Case:
    """A figure with everything the rules look at."""

    slot: Slot
    left: Left
    state: State
    right_text: str
    noun: str  # the noun after the figure, without 的

    @property
    def unit(self) -> str:
        data = self.slot.token.data
        return data.unit if self.slot.token.kind == "quantity" else ""

    @property
    def share(self) -> bool:
        """A part of a whole: 80%, 三分之一."""
        return self.unit in words.PERCENT or (self.slot.token.kind == "quantity" and self.slot.token.data.fraction)

    @property
    def fund(self) -> bool:
        """设立总规模50亿元的基金: the issuer's own commitment although it reads like an attribute."""
        return self.unit in words.MONEY and "基金" in self.noun and any(t.text in _FOUND for t in self.slot.left)

    @property
    def closed(self) -> bool:
        """Nothing that belongs to the figure follows it."""
        if self.slot.runs_on:
            return False
        if not self.right_text or GOAL_NOUNS.match(self.right_text):
            return True
        if self.share and self.left.subject and self.right_text.startswith(("用于", "投向", "用在")):
            return True
        first = self.slot.right[0]
        acts = first.kind == "word" and (first.text in words.FIRM_OPENING or first.text in ("用于", "带动", "促进"))
        if acts and self.left.verb and self.left.subject and self.left.verb not in words.PROJECT:
            return True
        return first.kind in ("word", "mark") and first.text in words.SEPARATORS | words.STRETCH | frozenset(
            {"等", "其中", "进一步", "后", "时", "来", "为", "并", "再", "才能"}
        )

    @property
    def subject_text(self) -> str:
        return "".join(token.text for token in self.left.subject)

    def _unknown_verb(self) -> bool:
        """力争叩开3家…: after a word of commitment two unknown characters before a count are a verb."""
        subject = self.left.subject
        if not self.left.predicate.commit or len(subject) != 1 or subject[0].kind != "text" or len(self.noun) < 3:
            return False
        return len(subject[0].text) == 2 and subject[0].text not in words.GENERIC_NOUNS and self.unit in words.COUNTERS

    @property
    def led(self) -> bool:
        """A verb stands directly before the figure, so that a noun behind it is what is counted."""
        predicate = self.left.predicate
        if any(t.text in ("其中", "当中") for t in self.slot.left) and self.slot.left[-1].text in words.BASIS:
            return True
        if self._unknown_verb():
            return True
        return bool(predicate.verb) or (not self.left.subject and (predicate.explicit or predicate.commit))
