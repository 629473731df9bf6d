"""What the reader remembers while it walks a paragraph: tense, time, subject, carried predicate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from . import times, words
from .lexer import Token
from .model import Target
from .times import Time

_STRONG_PAST = words.PAST - {"成功", "先后", "首次突破", "有了", "预计", "不到位", "当前", "历年", "往年"}
_FLIPS_REVIEW = frozenset({"下一步", "明年", "今后", "未来", "下半年", "新的一年"})
_BASE = words.COMPARE | words.GAP | {"由", "从", "以", "是", "于", "同"}
_LOCAL_YEAR = ("年底", "年末", "年内", "全年", "当年")


@dataclass(slots=True)
class Horizon:
    """The years a document speaks of: `start` is the first year it plans, `end` the last."""

    start: int | None = None
    end: int | None = None

    @property
    def deadline(self) -> date | None:
        return times.last_day(self.end) if self.end else None


@dataclass(slots=True)
class State:
    horizon: Horizon
    mood: str = ""
    fallback: date | None = None  # the deadline the headings give
    base: str = ""  # tense set by a time, kept to the end of the paragraph
    tense: str = ""  # tense at the current word
    year: int | None = None
    time: Time | None = None
    expected: bool = False  # 预计 was said in this sentence
    far: bool = False  # a year after the document's start was named in this sentence
    topic: list[Token] = field(default_factory=list)  # the last clause without a figure
    topic_text: str = ""
    last: Target | None = None  # the last target of this sentence
    award: bool = False
    named: list[Time] = field(default_factory=list)  # times of this sentence
    sized: str = ""  # the unit of a size just said of a project
    project: bool = False  # a project is being described in this sentence
    conditional: bool = False

    def __post_init__(self) -> None:
        self.base = self.tense = "past" if self.mood == "past" else ""

    def next_sentence(self, full_stop: bool) -> None:
        self.tense = self.base
        self.far = self.expected = False
        self.named, self.sized = [], ""
        self.award = self.conditional = self.project = False
        if full_stop:
            self.topic, self.topic_text, self.last = [], "", None

    @property
    def deadline(self) -> date | None:
        if self.time is not None:
            when = times.resolve(self.time, self._year_of(self.time))
            if when is not None:
                return when
        return self.fallback or self.horizon.deadline

    def _year_of(self, time: Time) -> int | None:
        own = self.horizon.start if self.horizon.start == self.horizon.end else self.horizon.end
        if time.kind == "year" and not time.text.startswith(_LOCAL_YEAR):
            return self.horizon.start
        if time.kind in ("next", "span"):
            return self.horizon.start
        return self.year or own

    def hear(self, token: Token, before: Token | None, after: Token | None) -> None:
        """Move on by one token."""
        if token.kind == "time":
            if before is not None and before.kind == "time" and before.data.kind == "last":
                return  # 去年一季度
            if before is None or before.text not in _BASE or (before.text == "以" and after is None):
                self._hear_time(token.data, after)
        elif token.kind == "word":
            measured = token.text in ("计划", "目标") and after is not None and after.text[:1] in "的数任"
            if not (measured and self.base == "past"):
                self._hear_word(token.text, before)
        elif token.kind == "text" and "基础上" in token.text:
            self.tense = "past" if self.mood == "past" else "future"

    def _hear_time(self, time: Time, after: Token | None) -> None:
        start = self.horizon.start
        if time.kind == "base":
            return
        if time.kind == "last" or time.text.endswith("以来") and time.kind in ("year", "plan"):
            self.base = self.tense = "past"
            return
        if time.kind == "plan" and not time.text.endswith(("末", "期间", "时期", "期末")):
            return  # “十四五”收官之年, 落实“十四五”规划: a name, not a date
        if time.kind == "months":
            self.tense = "past" if self.mood == "past" or self.tense != "future" else self.tense
            return
        last = time.last_year
        if last is not None and start is not None and last < start:
            self.base = self.tense = "past"
            return
        if last is not None:
            self.year = last
            if self.mood == "past" and (start is None or last <= start):
                return
            self.base = self.tense = "future" if start is not None else ""
            self.far = start is None or last > start
        elif self.expected:
            return
        elif self.mood != "past" or time.kind == "next":
            self.base = self.tense = "" if self.mood != "past" else "future"
            self.tense = "future"
        self.time = time
        self.named.append(time)

    def _may_turn(self, word: str) -> bool:
        """In a review only 下一步 and the like look ahead; after 预计 the end of the year does not."""
        return (self.mood != "past" or word in _FLIPS_REVIEW) and not (self.expected and word in _LOCAL_YEAR)

    def _hear_word(self, word: str, before: Token | None) -> None:
        self.expected = self.expected or (word == "预计" and not self.far)
        if (
            word == "了"
            and before is not None
            and before.text in words.VERBS
            or word in _STRONG_PAST
            or (word == "预计" and not self.far)
        ):
            self.tense = "past"
        elif word in words.PAST:
            if self.tense != "future" and self.mood != "future":
                self.tense = "past"
        elif word in words.FUTURE and self._may_turn(word):
            self.tense = "future"
        if word in words.AWARD:
            self.award = True
