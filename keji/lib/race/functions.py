"""How a figure becomes points, one small function a code. Adding a way of scoring is adding a function here.

Every function gets a column (one indicator, the figures of the units it compares) and gives points for each unit:
exact fractions, or None with a sentence where the figure cannot be scored. Formulas: 标准值法 after
全国科技进步统计监测, 基期指数 after 安徽省科技创新指数, 极差法 and 功效系数法 as in textbooks; z-score,
percentile and distance to a target after Nardo et al., Handbook on Constructing Composite Indicators (OECD/JRC 2008,
ch. 5).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from keji.lib.figures import format_number
from keji.lib.race.scheme import Direction, Figure, Indicator

HUNDRED = Fraction(100)
ROOT_PLACES = 40  # a square root is defined by so many decimals: far beyond what is printed, the same everywhere


@dataclass(frozen=True)
class Points:
    value: Fraction | None
    said: str = ""


@dataclass(frozen=True)
class Column:
    """One indicator and the figures of the units scored together, in their order."""

    indicator: Indicator
    figures: tuple[Figure, ...]

    @property
    def known(self) -> list[Fraction]:
        return [f.value for f in self.figures if f.value is not None]

    @property
    def sign(self) -> int:
        return 1 if self.indicator.direction is Direction.MORE else -1

    def number(self, name: str) -> Fraction:
        """A parameter of the scoring function, its default when the scheme gives none."""
        function = FUNCTIONS[self.indicator.function]
        found = self.indicator.parameters.get(name, function.defaults.get(name))
        if found is None:
            raise ValueError(f"“{self.indicator.title}”缺少参数“{NAMES[name]}”。")
        return found

    def given(self, name: str) -> Fraction | None:
        return self.indicator.parameters.get(name)


Scored = Sequence[Points]
Compute = Callable[[Column], Scored]
FUNCTIONS: dict[str, Function] = {}
NAMES = {
    "standard": "标准值",
    "base": "基期值",
    "x_bad": "不允许值",
    "x_good": "满意值",
    "c": "幅度分",
    "d": "基础分",
    "step": "每位次扣分",
    "start": "起始分",
    "each": "每单位得分",
    "points_change": "按百分点计算",
    "target": "目标值",
    "equal": "全部相等时的得分",
}


@dataclass(frozen=True)
class Function:
    """A way of scoring. `needs`: parameters without a default; `optional`: those that may stay away; `wants`: `base` or
    `target` of the unit's own figure; `compares`: points depend on the others; `cap`: unless the indicator has one.
    """

    code: str
    title: str
    formula: str
    compute: Compute
    needs: tuple[str, ...] = ()
    defaults: Mapping[str, Fraction] = field(default_factory=dict)
    wants: tuple[str, ...] = ()
    compares: bool = False
    cap: Fraction | None = None
    optional: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter it takes; NAMES has what they are called."""
        return (*self.needs, *self.defaults, *self.optional)


def function(
    code: str,
    title: str,
    formula: str,
    *,
    needs: tuple[str, ...] = (),
    defaults: Mapping[str, Fraction | int] | None = None,
    wants: tuple[str, ...] = (),
    compares: bool = False,
    cap: int | None = None,
    optional: tuple[str, ...] = (),
) -> Callable[[Compute], Compute]:
    def keep(compute: Compute) -> Compute:
        exact = {k: Fraction(v) for k, v in (defaults or {}).items()}
        top = None if cap is None else Fraction(cap)
        FUNCTIONS[code] = Function(code, title, formula, compute, needs, exact, wants, compares, top, optional)
        return compute

    return keep


def points_of(column: Column) -> list[Points]:
    """The points of every unit, limited by cap and floor; a unit without a figure has none."""
    how, indicator = FUNCTIONS[column.indicator.function], column.indicator
    cap = indicator.cap if indicator.cap is not None else how.cap
    if not column.known:
        return [Points(None, f.note or "未报送") for f in column.figures]
    found = []
    for figure, points in zip(column.figures, how.compute(column), strict=True):
        if figure.value is None:
            points = Points(None, figure.note or "未报送")
        found.append(_limited(points, cap, indicator.floor))
    return found


def _limited(points: Points, cap: Fraction | None, floor: Fraction | None) -> Points:
    value = points.value
    if value is None:
        return points
    if cap is not None and value > cap:
        return Points(cap, _joined(points.said, f"超过上限，按 {shown(cap)} 分计"))
    if floor is not None and value < floor:
        return Points(floor, _joined(points.said, f"低于下限，按 {shown(floor)} 分计"))
    return points


def _joined(*said: str) -> str:
    return "；".join(s for s in said if s)


def shown(value: Fraction) -> str:
    """At most four decimals: for a sentence, not for a sum."""
    return format_number(Fraction(round(value * 10**4), 10**4))


def root(value: Fraction) -> Fraction:
    """The square root to ROOT_PLACES decimals, rounded down; exact where it ends sooner."""
    scale = 10 ** (2 * ROOT_PLACES)
    return Fraction(isqrt(value.numerator * scale // value.denominator), 10**ROOT_PLACES)


def placed(column: Column) -> Callable[[Fraction], int]:
    """The place a figure has among those of the column, the best first: 1, 2, 2, 4."""
    ordered = sorted(v * column.sign for v in column.known)
    return lambda x: 1 + len(ordered) - bisect_right(ordered, x * column.sign)


def _each(column: Column, score: Callable[[Fraction], Fraction], said: str = "") -> Scored:
    return [Points(None if f.value is None else score(f.value), said) for f in column.figures]


def _ends(column: Column) -> tuple[Fraction, Fraction]:
    """(worst, best) of the figures compared."""
    low, high = min(column.known), max(column.known)
    return (low, high) if column.sign > 0 else (high, low)


def _all_equal(column: Column) -> str:
    return "只有一个单位有数据" if len(column.known) == 1 else "各单位数据全部相等"


@function("TARGET_RATE", "目标完成率", "得分 = 实际值 ÷ 目标值 × 100，封顶；逆向指标为目标值 ÷ 实际值 × 100",
          wants=("target",), optional=("target",), cap=100)  # fmt: skip
def target_rate(column: Column) -> Scored:
    found = []
    for f in column.figures:
        target = f.target if f.target is not None else column.given("target")
        if f.value is None:
            found.append(Points(None))
        elif target is None:
            found.append(Points(None, "没有目标值，不能算完成率"))
        elif target <= 0:
            found.append(Points(None, "目标值为零或负数，不能算完成率"))
        elif column.sign > 0:
            found.append(Points(f.value / target * HUNDRED))
        elif f.value <= 0:  # nothing left of what was to be reduced
            found.append(Points(column.indicator.cap or HUNDRED, "已降到零"))
        else:
            found.append(Points(target / f.value * HUNDRED))
    return found


def _ratio(column: Column, base: Fraction, word: str) -> Scored:
    if base <= 0:
        return [Points(None, f"{word}为零或负数，不能计算") for _ in column.figures]
    if column.sign > 0:
        return _each(column, lambda x: x / base * HUNDRED)
    return [
        Points(None)
        if f.value is None
        else (Points(base / f.value * HUNDRED) if f.value > 0 else Points(None, "逆向指标为零或负数，不能计算"))
        for f in column.figures
    ]


@function("STD_CAP", "标准值法", "得分 = 实际值 ÷ 标准值 × 100，超过 100 按 100 计", needs=("standard",), cap=100)
def std_cap(column: Column) -> Scored:
    return _ratio(column, column.number("standard"), "标准值")


@function("BASE_INDEX", "基期指数", "得分 = 实际值 ÷ 基期值 × 100，不封顶", wants=("base",), optional=("base",))
def base_index(column: Column) -> Scored:
    common = column.given("base")
    if common is not None:
        return _ratio(column, common, "基期值")
    found: list[Points] = []
    for f in column.figures:
        if f.base is None:
            found.append(Points(None, "没有基期值，不能计算"))
        else:
            found.extend(_ratio(Column(column.indicator, (f,)), f.base, "基期值"))
    return found


@function(
    "MINMAX", "极差法", "得分 = 100 ×（实际值 − 最差值）÷（最好值 − 最差值）", defaults={"equal": 100}, compares=True
)
def minmax(column: Column) -> Scored:
    worst, best = _ends(column)
    if worst == best:
        equal = column.number("equal")
        return _each(column, lambda x: equal, f"{_all_equal(column)}，都按 {shown(equal)} 分计")
    return _each(column, lambda x: (x - worst) / (best - worst) * HUNDRED)


@function("EFFICACY", "功效系数法",
          "得分 = 基础分 + 幅度分 ×（实际值 − 不允许值）÷（满意值 − 不允许值）；没有规定两值时取组内最差、最好值",
          defaults={"c": 40, "d": 60}, compares=True, optional=("x_bad", "x_good"))  # fmt: skip
def efficacy(column: Column) -> Scored:
    worst, best = _ends(column)
    bad, good = column.given("x_bad"), column.given("x_good")
    bad, good = worst if bad is None else bad, best if good is None else good
    c, d = column.number("c"), column.number("d")
    if bad == good:
        return _each(column, lambda x: c + d, f"{_all_equal(column)}，都按 {shown(c + d)} 分计")
    return _each(column, lambda x: d + c * (x - bad) / (good - bad))


@function("RANK_STEP", "排名计分", "得分 = 起始分 − 每位次扣分 ×（名次 − 1），并列同分",
          needs=("step",), defaults={"start": 100}, compares=True)  # fmt: skip
def rank_step(column: Column) -> Scored:
    step, start = column.number("step"), column.number("start")
    place = placed(column)
    return _each(column, lambda x: start - step * (place(x) - 1))


@function("GROWTH", "增速",
          "增速 =（本期值 ÷ 上期值 − 1）× 100；比率类指标按百分点之差。得分 = 起始分 + 每单位得分 × 增速",
          wants=("base",), defaults={"start": 0, "each": 1, "points_change": 0})  # fmt: skip
def growth(column: Column) -> Scored:
    start, each, by_points = column.number("start"), column.number("each"), column.number("points_change")
    found = []
    for f in column.figures:
        if f.value is None:
            found.append(Points(None))
        elif f.base is None:
            found.append(Points(None, "没有上期值，不能算增速"))
        elif not by_points and f.base <= 0:
            found.append(Points(None, "上期值为零或负数，不能算增速，请核对"))
        else:
            rate = f.value - f.base if by_points else (f.value / f.base - 1) * HUNDRED
            found.append(Points(start + each * rate * column.sign))
    return found


@function("PROGRESS", "进位", "得分 = 起始分 + 每单位得分 ×（上期名次 − 本期名次）",
          wants=("base",), defaults={"start": 0, "each": 1})  # fmt: skip
def progress(column: Column) -> Scored:
    start, each = column.number("start"), column.number("each")
    return [
        Points(None)
        if f.value is None
        else (Points(None, "没有上期名次，不能算进位") if f.base is None else Points(start + each * (f.base - f.value)))
        for f in column.figures
    ]


@function("ZSCORE", "标准化得分", "得分 = 50 + 10 ×（实际值 − 平均值）÷ 标准差（样本标准差）",
          defaults={"d": 50, "c": 10}, compares=True)  # fmt: skip
def zscore(column: Column) -> Scored:
    known, c, d = column.known, column.number("c"), column.number("d")
    mean = sum(known, Fraction(0)) / len(known)
    spread = sum(((v - mean) ** 2 for v in known), Fraction(0))
    if not spread:
        return _each(column, lambda x: d, f"{_all_equal(column)}，都按 {shown(d)} 分计")
    deviation = root(spread / (len(known) - 1))
    return _each(column, lambda x: d + c * (x - mean) / deviation * column.sign)


@function(
    "PERCENTILE", "百分位", "得分 = 100 × 落后于它的单位所占比重：100 ×（单位数 − 名次）÷（单位数 − 1）", compares=True
)
def percentile(column: Column) -> Scored:
    place, units = placed(column), len(column.known)
    if units == 1:
        return _each(column, lambda x: HUNDRED, "只有一个单位有数据，按 100 分计")
    return _each(column, lambda x: HUNDRED * (units - place(x)) / (units - 1))


@function("DISTANCE", "目标距离", "得分 = 100 ×（实际值 − 最差值）÷（目标值 − 最差值），达到目标按 100 计",
          needs=("target",), compares=True, cap=100)  # fmt: skip
def distance(column: Column) -> Scored:
    worst, target = _ends(column)[0], column.number("target")
    if (target - worst) * column.sign <= 0:
        return _each(column, lambda x: HUNDRED, "各单位都已达到目标")
    return _each(column, lambda x: (x - worst) / (target - worst) * HUNDRED)


@function("AS_IS", "直接计分", "得分 = 起始分 + 每单位得分 × 实际值", defaults={"start": 0, "each": 1})
def as_is(column: Column) -> Scored:
    start, each = column.number("start"), column.number("each")
    return _each(column, lambda x: start + each * x * column.sign)
