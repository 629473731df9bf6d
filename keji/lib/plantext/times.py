"""Times in plan prose and the day they end: 到2025年底, 6月底前, 上半年, 三季度末, “十四五”末."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from .numerals import DIGITS

_D = r"(?<!\d)"
_TAIL = r"(?:份|度)?(?:年?底|末|初)?(?:之?前|以前)?"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("range", _D + r"(20\d\d|19\d\d)年?(?:度)?(?:-|~|至|到|--)(20\d\d)(?:年度?|$|(?=\)))(?:期间)?"),
    ("ymd", _D + r"(20\d\d|19\d\d)(?:-|\.|/)(\d{1,2})(?:-|\.|/)(\d{1,2})(?!\d)"),
    ("ymd", _D + r"(20\d\d|19\d\d)年(?:年)?(?:(\d{1,2})月(?:(\d{1,2})日)?)?(?:份|度)?(?:底|末|初)?(?:之?前|以前)?"),
    ("ymd", r"([一二][〇零九][〇零一二三四五六七八九]{2})年(?:(十?[一二三四五六七八九十])月)?" + _TAIL),
    ("months", _D + r"(\d{1,2})月?(?:-|~|至|到)(\d{1,2})月(?:份)?"),
    ("md", _D + r"(\d{1,2})月(?:(\d{1,2})日)?(?:份)?(?:底|末|中旬|上旬|下旬)?(?:之?前|以前)?"),
    ("md", r"(十?[一二三四五六七八九十])月(?:份)?(?:底|末|中旬|上旬|下旬)(?:之?前|以前)?"),
    ("quarter", r"第?([一二三四1-4])季度(?:末|底)?(?:之?前)?"),
    ("half", r"(上|下)半年(?:末|底)?(?:之?前)?"),
    ("plan", r"[“\"']?十([一二三四五六])五[”\"']?(?:规划)?(?:期末|末期|末|期间|时期|以来|规划期)?"),
    ("year", r"(今年(?:年底|底|末|以来)?|年初以来|本年度?|全年度?|年内|年底(?:之?前)?|年末|当年|今明两年)"),
    ("months", r"前([一二三])个?季度"),
    ("base", r"(年初|期初|基期)"),
    ("last", r"(去年(?:同期|底|末)?|上年(?:同期|度末|度|末|底)?|上一年度?|前年|昨年)"),
    ("next", r"(明年底|明年末|明年|后年)"),
    ("span", r"(?:未来|今后)([一二两三四五六七八九十]|\d{1,2})(?:到|至|-)?()年"),
    (
        "span",
        r"(?:用|利用|经过|通过|未来|今后|力争|争取)?([一二两三四五六七八九十]|\d{1,2})(?:到|至|-)?"
        r"([一二两三四五六七八九十]|\d{1,2})?年(?:左右|之内|以内|内|的?时间|的努力|后)(?:的?时间)?",
    ),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
OPENERS = frozenset("0123456789一二三四五六七八九十第年期基上下今本全年去前昨明后用利经通未力争当“两")
_PLANS = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035}


@dataclass(frozen=True, slots=True)
class Time:
    kind: str
    text: str
    year: int | None = None
    end_year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def last_year(self) -> int | None:
        return self.end_year or self.year


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    if text.isdigit():
        return int(text)
    if len(text) == 4:
        return int("".join(str(DIGITS[char]) for char in text))
    if text.startswith("十"):
        return 10 + (DIGITS[text[1]] if len(text) > 1 else 0)
    return DIGITS.get(text) if text else None


def match(text: str, at: int) -> tuple[Time, int] | None:
    """The time expression that starts here, and where it ends."""
    for kind, pattern in _COMPILED:
        found = pattern.match(text, at)
        if found is None:
            continue
        time = _build(kind, found)
        if time is not None:
            return time, found.end()
    return None


def _build(kind: str, found: re.Match[str]) -> Time | None:
    text, groups = found.group(0), found.groups()
    if kind == "range":
        first, last = int(groups[0]), int(groups[1])
        return Time("range", text, first, last) if last >= first else None
    if kind == "ymd":
        month = _whole(groups[1])
        day = _whole(groups[2]) if len(groups) > 2 else None
        return Time("ymd", text, _whole(groups[0]), None, month if month and month <= 12 else None, day)
    if kind == "months" and len(groups) == 1:
        return Time("months", text, None, None, 3 * (_whole(groups[0]) or 3))
    if kind == "months":
        return Time("months", text, None, None, _whole(groups[1])) if int(groups[1]) <= 12 else None
    if kind == "md":
        month = _whole(groups[0])
        day = _whole(groups[1]) if len(groups) > 1 else None
        return Time("md", text, None, None, month, day) if month and 1 <= month <= 12 else None
    if kind == "quarter":
        return Time("md", text, None, None, 3 * (_whole(groups[0]) or 4))
    if kind == "half":
        return Time("md", text, None, None, 6 if groups[0] == "上" else 12)
    if kind == "plan":
        return Time("plan", text, _PLANS[groups[0]] - 4, _PLANS[groups[0]])
    if kind == "span":
        return Time("span", text, None, None, _whole(groups[1] or groups[0]) if text[-1] != "后" else None)
    return Time(kind, text)


def last_day(year: int, month: int | None = None, day: int | None = None) -> date | None:
    month = month or 12
    last = calendar.monthrange(year, month)[1] if 1900 <= year <= 2200 else 0
    if not last:
        return None
    return date(year, month, day if day and 1 <= day <= last else last)


def resolve(time: Time, year: int | None) -> date | None:
    """The last day of the time named; `year` is the year the text speaks of."""
    if time.last_year is not None:
        return last_day(time.last_year, time.month, time.day)
    if year is None:
        return None
    if time.kind in ("md", "months"):
        return last_day(year, time.month, time.day)
    if time.kind == "year":
        return last_day(year)
    if time.kind == "span" and time.month:
        return last_day(year + time.month - 1)
    if time.kind == "next":
        return last_day(year + (2 if time.text.startswith("后") else 1))
    return None
