"""科技型中小企业评价 as a rule: conditions first, then a direct route or the score.

Thresholds read in the text stand in the edition's method; a clause whose text was not read is cited with 待核.
Ratios are exact fractions and are compared before anything is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from keji.kernel.rules.rule import (
    All,
    Any_,
    Check,
    Facts,
    Node,
    Rule,
    Score,
    Total,
    Truth,
    at_most,
    percent,
    ratio,
    since,
)
from keji.modules.enterprises.models import FACT_NAMES, SmeFacts, label_of

ARTICLE_6, ARTICLE_7 = "国科发政〔2017〕115号 第六条", "国科发政〔2017〕115号 第七条"
ARTICLE_8 = "国科发政〔2017〕115号 第八条（待核）"

Band = tuple[Fraction, int]


def _bands(*pairs: tuple[int, int]) -> tuple[Band, ...]:
    """(per cent from which, points), highest first; the lower edge belongs to its band."""
    return tuple((Fraction(edge, 100), points) for edge, points in pairs)


STAFF_BANDS = _bands((30, 20), (25, 16), (20, 12), (15, 8), (10, 4))
SALES_BANDS = _bands((6, 50), (5, 40), (4, 30), (3, 20), (2, 10))
COST_BANDS = _bands((30, 50), (25, 40), (20, 30), (15, 20), (10, 10))
CLASS2_POINTS = ((4, 24), (3, 18), (2, 12), (1, 6))


def points_for(value: Fraction, bands: Sequence[Band]) -> int:
    """The points of the band a ratio falls into; 0 below the lowest."""
    return next((points for edge, points in bands if value >= edge), 0)


def next_band(value: Fraction, bands: Sequence[Band]) -> str:
    """What the next band up takes; "" at the top."""
    above = [(edge, points) for edge, points in bands if value < edge]
    return f"达到{percent(above[-1][0])}得 {above[-1][1]} 分" if above else ""


def staff_score(f: Facts) -> Score:
    """科技人员占职工总数的比例, 20 points."""
    label, full = "科技人员占职工总数比例", 20
    if f["rnd_staff"] == 0:
        return Score(label, 0, 0, full, ARTICLE_7, "0%", more=next_band(Fraction(0), STAFF_BANDS))
    if missing := f.lacks("staff", "rnd_staff"):
        return Score.unknown(label, full, missing, ARTICLE_7)
    share = ratio(f["rnd_staff"], f["staff"])
    if share is None:
        return Score(label, 0, 0, full, ARTICLE_7, "职工总数为零，无法计算")
    points = points_for(share, STAFF_BANDS)
    return Score(label, points, points, full, ARTICLE_7, percent(share), more=next_band(share, STAFF_BANDS))


def rnd_score(f: Facts) -> Score:
    """研发投入, 50 points: the firm picks the better of two ratios, so does this.

    A ratio over zero does not exist: a firm without sales yet is judged by its costs.
    """
    label, full = "研发投入", 50
    if f["rnd_expense"] == 0:
        return Score(label, 0, 0, full, ARTICLE_7, "研发费用为零", more=next_band(Fraction(0), SALES_BANDS))
    options = [("sales", "占销售收入", SALES_BANDS), ("total_cost", "占成本费用", COST_BANDS)]
    low, best, open_facts, more = 0, "", list[tuple[str, ...]](), ""
    for name, words, bands in options:
        if f[name] == 0:
            continue
        if missing := f.lacks("rnd_expense", name):
            open_facts.append(missing)
            continue
        share = ratio(f["rnd_expense"], f[name])
        if share is None:
            continue
        points = points_for(share, bands)
        if points >= low:
            low, best, more = points, f"{words} {percent(share)}", next_band(share, bands)
    if low == full or not open_facts:
        return Score(label, low, low, full, ARTICLE_7, best or "销售收入、成本费用均为零，无法计算", more=more)
    return Score(label, low, full, full, ARTICLE_7, best or "资料不足", min(open_facts, key=len), more)


def achievement_score(f: Facts) -> Score:
    """科技成果, 30 points: one Ⅰ类 right is full marks, else by the number of Ⅱ类."""
    label, full = "科技成果（有效且与主营相关的知识产权）", 30
    first, second = f["class1_ip"], f["class2_ip"]
    if first:
        return Score(label, full, full, full, ARTICLE_7, f"Ⅰ类 {first} 项")
    low = next((points for count, points in CLASS2_POINTS if (second or 0) >= count), 0)
    missing = f.lacks("class1_ip", "class2_ip")
    high = full if first is None else CLASS2_POINTS[0][1] if second is None else low
    if low == high:
        missing = ()
    found = "、".join(f"{n}类 {v} 项" for n, v in (("Ⅰ", first), ("Ⅱ", second)) if v is not None) or "资料不足"
    following = next((f"Ⅱ类达到 {count} 项得 {points} 分" for count, points in CLASS2_POINTS[::-1] if points > low), "")
    more = f"有 1 项Ⅰ类得 {full} 分" + (f"；{following}" if following else "")
    # Either count alone may settle it; the Ⅰ类 one can bring the most.
    return Score(label, low, high, full, ARTICLE_7, found, missing[:1], more)


def upper_limit(f: Facts, name: str, label: str, most: int, unit: str) -> Check:
    value = f[name]
    passed = at_most(value, most)
    return Check(
        label,
        passed,
        ARTICLE_6,
        need=f"不超过 {most:,} {unit}",
        found="资料不足" if value is None else f"{plain(value)} {unit}",
        gap=f"超出 {plain(value - most)} {unit}" if passed is False else "",
        missing=f.lacks(name),
    )


def plain(value: int | Decimal) -> str:
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def yes_no(f: Facts, name: str, label: str, *, wanted: bool, cites: str) -> Check:
    """A condition answered by yes or no; `wanted` is the answer that passes."""
    value = f[name]
    passed: Truth = None if value is None else value is wanted
    said = {True: "是", False: "否", None: "资料不足"}
    return Check(label, passed, cites, need=said[wanted], found=said[value], missing=f.lacks(name))


class TechSmeEvaluation(Rule):
    """Is a firm a 科技型中小企业? Scale and conduct come before every direct route."""

    code = "tech_sme"
    title = "科技型中小企业评价"
    labels = {name: label_of(SmeFacts, name) for name in FACT_NAMES}

    @since("2017-05-03", cites="国科发政〔2017〕115号")
    def edition_2017(self, f: Facts) -> Iterator[Node]:
        yield yes_no(f, "resident", "在中国境内（不含港澳台）注册的居民企业", wanted=True, cites=ARTICLE_6)
        yield upper_limit(f, "staff", "职工总数", 500, "人")
        yield upper_limit(f, "sales", "年销售收入", 20_000, "万元")
        yield upper_limit(f, "assets", "资产总额", 20_000, "万元")
        yield yes_no(f, "restricted", "产品（服务）属禁止、限制或淘汰类", wanted=False, cites=ARTICLE_6)
        yield yes_no(f, "misconduct", "有重大安全、质量事故，严重环境违法或科研严重失信", wanted=False, cites=ARTICLE_6)
        yield yes_no(f, "listed_abnormal", "列入经营异常名录或严重违法失信名单", wanted=False, cites=ARTICLE_6)
        yield Any_(
            "直接确认或综合评价",
            (
                yes_no(f, "hnte", self.labels["hnte"], wanted=True, cites=ARTICLE_8),
                yes_no(f, "award", self.labels["award"], wanted=True, cites=ARTICLE_8),
                yes_no(f, "institution", self.labels["institution"], wanted=True, cites=ARTICLE_8),
                yes_no(f, "standard", self.labels["standard"], wanted=True, cites=ARTICLE_8),
                self.score_2017(f),
            ),
            cites=ARTICLE_8,
        )

    def score_2017(self, f: Facts) -> All:
        """第七条: at least 60 points in all, and not 0 for the share of technical staff."""
        staff = staff_score(f)
        not_zero: Truth = True if staff.low > 0 else False if staff.high == 0 else None
        share_needed = STAFF_BANDS[-1][0]
        return All(
            "综合评价",
            (
                Check(
                    "科技人员指标得分不为零",
                    not_zero,
                    ARTICLE_6,
                    need=f"科技人员占比不低于{percent(share_needed)}",
                    found=staff.found,
                    gap=staff_gap(f, share_needed) if not_zero is False else "",
                    missing=staff.missing,
                ),
                Total("综合得分", (staff, rnd_score(f), achievement_score(f)), 60, ARTICLE_6),
            ),
            cites=ARTICLE_7,
        )


def staff_gap(f: Facts, share: Fraction) -> str:
    """How many more technical staff the lowest band takes, the total staying as it is."""
    if not f["staff"]:
        return ""
    needed = -(-share.numerator * f["staff"] // share.denominator)
    return f"还差 {needed - (f['rnd_staff'] or 0)} 名科技人员"
