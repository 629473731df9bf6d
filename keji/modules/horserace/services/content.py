"""A scheme's content: what is stored, and the scheme of one period built from it.

content = {units: [{region, group, from_on, until_on}], groups: [{code, title}], levels: [{code, title, weight}],
indicators: [{code, level, weight, function, direction, parameters: {name: text}, cap, floor, step, limit, missing,
treated, rhythm, base, cumulative, proxies: [code]}], bonuses: [{code, title, points, most}], aggregation, across,
places, ties, tie_break: [code]}. Weights are per cent of their level; numbers are text; `rhythm` (month, quarter,
year): from which kind of run on an indicator is scored; `base`: previous (month), last_year (same month) or year_end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from keji.kernel.indicators.indicator import Reported, catalogue
from keji.lib.figures import Period
from keji.lib.race.functions import FUNCTIONS, NAMES
from keji.lib.race.scheme import (
    Aggregation,
    Bonus,
    Direction,
    Group,
    Indicator,
    Level,
    Missing,
    Scheme,
    Ties,
    Treatment,
)
from keji.lib.race.validation import problems
from keji.modules.horserace.models import RaceScheme

Content = Mapping[str, Any]
RHYTHMS = {"month": "月度起", "quarter": "季度起", "year": "仅年度"}
BASES = {"": "不用", "previous": "上月", "last_year": "上年同月", "year_end": "上年末"}
ORDER = tuple(RHYTHMS)
WHOLE = Fraction(100)


class ContentError(ValueError):
    """A content that is no scheme; the message is a Chinese sentence."""


def number(text: Any, where: str) -> Fraction | None:
    """Text as typed → exact number; None for nothing."""
    if text is None or str(text).strip() == "":
        return None
    try:
        found = Decimal(str(text).strip().replace(",", "").replace("，", ""))
        if not found.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise ContentError(f"{where}“{str(text)[:20]}”不是数，请改正。") from None
    return Fraction(found)


def build(scheme: RaceScheme, only: Iterable[str] | None = None) -> Scheme:
    """The scheme as it is scored. `only`: indicators that count this time; the others' weight goes to these in
    proportion. ContentError when something stored is no number or no known choice."""
    content: Content = scheme.content
    wanted = None if only is None else set(only)
    whole = WHOLE if wanted is None else None
    levels = []
    for level in content.get("levels", ()):
        parts = tuple(
            _indicator(row)
            for row in content.get("indicators", ())
            if row.get("level") == level["code"] and (wanted is None or row["code"] in wanted)
        )
        if parts or wanted is None:
            weight = number(level.get("weight"), f"“{level['title']}”的权重")
            levels.append(Level(level["code"], level["title"], parts, weight, _aggregation(content), whole))
    return Scheme(
        code=scheme.number,
        title=scheme.title,
        edition=scheme.edition,
        root=Level("total", "总分", tuple(levels), aggregation=_aggregation(content), whole=whole),
        groups=tuple(Group(g["code"], g["title"]) for g in content.get("groups", ())),
        bonuses=tuple(_bonus(b) for b in content.get("bonuses", ())),
        across=bool(content.get("across")),
        places=int(content.get("places", 2)),
        ties=Ties(content.get("ties", "exact")),
        tie_break=tuple(c for c in content.get("tie_break", ()) if wanted is None or c in wanted),
    )


def _aggregation(content: Content) -> Aggregation:
    return Aggregation(content.get("aggregation", "arithmetic"))


def _bonus(row: Mapping[str, Any]) -> Bonus:
    points = number(row.get("points"), f"“{row['title']}”的分值") or Fraction(0)
    return Bonus(row["code"], row["title"], points, number(row.get("most"), f"“{row['title']}”的上限"))


def title_of(code: str) -> str:
    found = catalogue().get(code)
    return found.name if found else code


def unit_of(code: str) -> str:
    found = catalogue().get(code)
    return found.unit if found else ""


def _indicator(row: Mapping[str, Any]) -> Indicator:
    code, known = row["code"], catalogue().get(row["code"])
    name = f"“{title_of(code)}”的"
    down = row.get("direction") == "less" or (not row.get("direction") and known and not known.higher_is_better)
    given = {k: number(v, f"{name}{NAMES.get(k, k)}") for k, v in (row.get("parameters") or {}).items()}
    places = known.places if known else 0
    return Indicator(
        code=code,
        title=title_of(code),
        unit=unit_of(code),
        direction=Direction.LESS if down else Direction.MORE,
        weight=number(row.get("weight"), f"{name}权重"),
        function=row.get("function", "MINMAX"),
        parameters={k: v for k, v in given.items() if v is not None},
        cap=number(row.get("cap"), f"{name}上限"),
        floor=number(row.get("floor"), f"{name}下限"),
        missing=Missing(row.get("missing") or "nothing"),
        treatment=Treatment() if row.get("treated") else None,
        step=number(row.get("step"), f"{name}最小变动") or Fraction(1, 10**places),
        limit=number(row.get("limit"), f"{name}可达上限"),
    )


def scheme_problems(scheme: RaceScheme) -> tuple[str, ...]:
    """Everything that keeps a scheme from being used, each a sentence that says what to do."""
    content: Content = scheme.content
    found = []
    levels = {level["code"] for level in content.get("levels", ())}
    for row in content.get("indicators", ()):
        if row["code"] not in catalogue():
            found.append(f"指标“{row['code']}”不在指标目录里，请从目录中选择。")
        if row.get("level") not in levels:
            found.append(f"“{title_of(row['code'])}”没有归入一级指标，请选择。")
    units = [u["region"] for u in content.get("units", ())]
    if not units:
        found.append("还没有参加的单位，请至少列一个。")
    spans: dict[str, list[tuple[str, str]]] = {}
    for u in content.get("units", ()):
        spans.setdefault(u["region"], []).append((u.get("from_on") or "", u.get("until_on") or "9999"))
        if u.get("until_on") and (u.get("from_on") or "") > u["until_on"]:
            found.append(f"单位 {u['region']} 的起止日期颠倒了，请改正。")
    for region, own in spans.items():
        own.sort()
        if any(a[1] >= b[0] for a, b in zip(own, own[1:], strict=False)):
            found.append(f"单位 {region} 在同一时间列了不止一次，请分开起止日期。")
    try:
        found += problems(build(scheme))
    except ContentError as problem:
        found.append(str(problem))
    except ValueError:
        found.append("方案里有不认识的选项，请在修改页面重新选择。")
    return tuple(found)


def rows_of(content: Content) -> dict[str, Mapping[str, Any]]:
    return {row["code"]: row for row in content.get("indicators", ())}


def scored(content: Content, period: Period) -> tuple[list[str], dict[str, str]]:
    """(indicators that count in this period, {others: why they do not})."""
    kind = ORDER.index(period.kind if period.kind in RHYTHMS else "month")
    month = Period.month(period.year, period.months[-1])
    counted, left = [], {}
    for code, row in rows_of(content).items():
        known = catalogue().get(code)
        rhythm = row.get("rhythm") or "month"
        if ORDER.index(rhythm) > kind:
            left[code] = f"{RHYTHMS[rhythm]}计分，{period.label}只展示"
        elif isinstance(known, Reported) and known.period_of(month) is None:
            left[code] = f"{month.label}没有单独发布的数，与下期合并"
        elif known is not None and known.opens_on is not None and month.end < date(month.year, *known.opens_on):
            left[code] = f"{known.opens_on[0]}月{known.opens_on[1]}日起办理，{month.label}还没有数"
        else:
            counted.append(code)
    return counted, left


def units_on(content: Content, day: date) -> list[dict[str, str]]:
    """[{region, group}] in the race on a day: a unit that joins or changes its group mid-year counts from then on."""
    iso = day.isoformat()
    return [
        {"region": u["region"], "group": u.get("group") or ""}
        for u in content.get("units", ())
        if (u.get("from_on") or "") <= iso <= (u.get("until_on") or "9999")
    ]


def bonus_titles() -> dict[str, str]:
    """{code: title} of every bonus any scheme ever had; the newest title wins."""
    found: dict[str, str] = {}
    for content in RaceScheme.objects.order_by("from_on").values_list("content", flat=True):
        found |= {b["code"]: b["title"] for b in content.get("bonuses", ())}
    return found


def method_of(row: Mapping[str, Any]) -> str:
    """How one indicator is scored, in a sentence for the scheme's page."""
    how = FUNCTIONS.get(row.get("function", ""))
    if how is None:
        return "计分方法不认识"
    given = "，".join(f"{NAMES.get(k, k)} {v}" for k, v in (row.get("parameters") or {}).items() if v)
    limits = "".join(f"，{word} {row[key]} 分" for key, word in (("cap", "最高"), ("floor", "最低")) if row.get(key))
    told = f"{given}{limits}".strip("，")
    return f"{how.title}（{told}）" if told else how.title


def formula_of(row: Mapping[str, Any]) -> str:
    how = FUNCTIONS.get(row.get("function", ""))
    return how.formula if how else ""
