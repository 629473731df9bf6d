"""Whether a scheme can be used and whether data fit it: sentences that say what is wrong and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from keji.lib.figures import format_number
from keji.lib.race.functions import FUNCTIONS, NAMES
from keji.lib.race.scheme import Aggregation, Data, Indicator, Level, Missing, Scheme


def problems(scheme: Scheme) -> tuple[str, ...]:
    """Everything wrong with a scheme, in Chinese; empty when it can be used."""
    codes = [*(i.code for i in scheme.indicators), *(level.code for level in scheme.root.levels())]
    found = _repeated(codes, "代码“{}”用了不止一次。")
    found += _repeated((g.code for g in scheme.groups), "组代码“{}”用了不止一次。")
    found += _repeated((b.code for b in scheme.bonuses), "加减分项代码“{}”用了不止一次。")
    if not scheme.indicators:
        found.append("方案里没有指标，请至少设一项。")
    for level in scheme.root.levels():
        found += _level_problems(level)
    for indicator in scheme.indicators:
        found += _indicator_problems(indicator)
    for code in scheme.tie_break:
        if code not in {i.code for i in scheme.indicators}:
            found.append(f"同分比较用的指标“{code}”不在方案里。")
    if not 0 <= scheme.places <= 10:
        found.append("公布的小数位数应在 0 到 10 之间。")
    found += [f"加减分项“{b.title}”的上限应大于零。" for b in scheme.bonuses if b.most is not None and b.most <= 0]
    return tuple(found)


def _repeated(codes: Iterable[str], sentence: str) -> list[str]:
    return [sentence.format(code) for code, n in Counter(codes).items() if n > 1]


def _level_problems(level: Level) -> list[str]:
    if not level.parts:
        return [f"“{level.title}”下面没有指标。"]
    found = [f"“{p.title}”没有权重，请填写。" for p in level.parts if p.weight is None]
    found += [f"“{p.title}”的权重是负数。" for p in level.parts if p.weight is not None and p.weight < 0]
    known = [p.weight for p in level.parts if p.weight is not None]
    whole = sum(known, Fraction(0))
    if not found and level.whole is not None and whole != level.whole:
        more = "多" if whole > level.whole else "少"
        found.append(
            f"“{level.title}”各项权重合计 {_said(whole)}，应为 {_said(level.whole)}，"
            f"{more} {_said(abs(whole - level.whole))}，请调整。"
        )
    if not found and whole <= 0:
        found.append(f"“{level.title}”各项权重都是零。")
    if level.aggregation is Aggregation.GEOMETRIC:
        found += [
            f"“{level.title}”用几何平均，“{p.title}”缺数时不能记零分，请改为分摊权重、补分或不排名。"
            for p in level.parts
            if isinstance(p, Indicator) and p.missing is Missing.NOTHING
        ]
    return found


def _said(number: Fraction) -> str:
    """In full when it ends within four decimals, else to four."""
    return format_number(number, places=None if (number * 10**4).denominator == 1 else 4)


def _indicator_problems(indicator: Indicator) -> list[str]:
    how, name = FUNCTIONS.get(indicator.function), f"“{indicator.title}”"
    if how is None:
        return [f"{name}的计分方法“{indicator.function}”不存在，可用：{'、'.join(FUNCTIONS)}。"]
    found = [f"{name}用{how.title}，缺少{NAMES[p]}。" for p in how.needs if p not in indicator.parameters]
    strange = [p for p in indicator.parameters if p not in how.parameters]
    found += [f"{name}用{how.title}，没有参数“{NAMES.get(p, p)}”，请去掉。" for p in strange]
    if indicator.cap is not None and indicator.floor is not None and indicator.cap < indicator.floor:
        found.append(f"{name}得分的上限低于下限。")
    given = indicator.parameters
    for key in ("standard", "base"):
        if key in given and given[key] <= 0:
            found.append(f"{name}的{NAMES[key]}应大于零。")
    bad, good = given.get("x_bad"), given.get("x_good")
    if how.code == "EFFICACY" and (bad is None) != (good is None):
        found.append(f"{name}的不允许值和满意值要么都规定，要么都不规定。")
    if bad is not None and good is not None:
        if bad == good:
            found.append(f"{name}的不允许值和满意值相同，无法计分。")
        elif (good > bad) != (indicator.direction.value == "more"):
            found.append(f"{name}是{indicator.direction.word}指标，满意值应{'大' if bad > good else '小'}于不允许值。")
    if indicator.step <= 0:
        found.append(f"{name}的最小变动单位应大于零。")
    return found


def data_problems(scheme: Scheme, data: Data) -> tuple[str, ...]:
    """Everything that keeps data from being scored by a scheme; missing figures are no problem here."""
    found = _repeated((u.code for u in data.units), "单位“{}”出现了不止一次。")
    if not data.units:
        found.append("没有参加的单位。")
    groups = {g.code for g in scheme.groups}
    codes, units = {i.code for i in scheme.indicators}, {u.code for u in data.units}
    for unit in data.units:
        if groups and unit.group not in groups:
            found.append(f"{unit.title}没有分组，或所在组“{unit.group}”不在方案里。")
        if not groups and unit.group:
            found.append(f"方案没有分组，{unit.title}却写了组“{unit.group}”。")
    found += [f"数据里的单位“{u}”不在参加单位之列。" for u in data.figures if u not in units]
    strange = dict.fromkeys(c for row in data.figures.values() for c in row if c not in codes)
    found += [f"数据里的指标“{c}”不在方案里。" for c in strange]
    kinds = {b.code for b in scheme.bonuses}
    found += [f"加减分项“{a.bonus}”不在方案里。" for a in data.awards if a.bonus not in kinds]
    found += [f"加减分对象“{a.unit}”不在参加单位之列。" for a in data.awards if a.unit not in units]
    return tuple(found)
