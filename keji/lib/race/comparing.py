"""What differs between two runs of a race: scheme, data, scores and places, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from keji.lib.figures import format_change, format_number
from keji.lib.race.functions import FUNCTIONS, shown
from keji.lib.race.run import Placing, Run
from keji.lib.race.scheme import Indicator


def compare(old: Run, new: Run) -> tuple[str, ...]:
    """What differs between two runs, in Chinese: scheme, data, scores, places; empty when nothing does."""
    return (*_scheme(old, new), *_figures(old, new), *_awards(old, new), *_places(old, new))


def _scheme(old: Run, new: Run) -> Iterator[str]:
    if (old.scheme.code, old.scheme.edition) != (new.scheme.code, new.scheme.edition):
        yield f"方案：{old.scheme.title} {old.scheme.edition} → {new.scheme.title} {new.scheme.edition}。"
    before, after = ({i.code: i for i in r.scheme.indicators} for r in (old, new))
    yield from (f"指标：去掉“{before[c].title}”。" for c in before if c not in after)
    yield from (f"指标：新增“{after[c].title}”。" for c in after if c not in before)
    weights = [r.scheme.weights() for r in (old, new)]
    for code, indicator in after.items():
        if code not in before:
            continue
        if weights[0][code] != weights[1][code]:
            was, now = (shown(w[code] * 100) for w in weights)
            yield f"权重：“{indicator.title}” {was}% → {now}%。"
        yield from _way(before[code], indicator)
    levels = [{v.code: v for v in r.scheme.root.levels()} for r in (old, new)]
    for code, level in levels[1].items():
        if code in levels[0] and levels[0][code].aggregation is not level.aggregation:
            yield f"合成：“{level.title}” {levels[0][code].aggregation.word} → {level.aggregation.word}。"
    if old.scheme.across != new.scheme.across:
        yield f"比较范围：改为{'全部单位之间比较' if new.scheme.across else '各组之内比较'}。"


def _way(before: Indicator, after: Indicator) -> Iterator[str]:
    name = after.title
    if before.function != after.function:
        yield f"计分方法：“{name}” {FUNCTIONS[before.function].title} → {FUNCTIONS[after.function].title}。"
    elif dict(before.parameters) != dict(after.parameters) or (before.cap, before.floor) != (after.cap, after.floor):
        yield f"计分方法：“{name}”的参数改了。"
    if before.direction is not after.direction:
        yield f"方向：“{name}” {before.direction.word} → {after.direction.word}。"
    if before.missing is not after.missing:
        yield f"缺数：“{name}” {before.missing.word} → {after.missing.word}。"
    if before.treatment != after.treatment:
        yield f"极端值处理：“{name}”改了。"


def _figures(old: Run, new: Run) -> Iterator[str]:
    if old.data.version != new.data.version:
        yield f"数据版本：{old.data.version} → {new.data.version}。"
    was, now = ({u.code: u for u in r.data.units} for r in (old, new))
    yield from (f"单位：去掉{was[c].title}。" for c in was if c not in now)
    yield from (f"单位：新增{now[c].title}。" for c in now if c not in was)
    known = {i.code for i in old.scheme.indicators}
    for code, unit in now.items():
        for indicator in new.scheme.indicators:
            if code not in was or indicator.code not in known:
                continue
            a, b = old.data.figure(code, indicator.code), new.data.figure(code, indicator.code)
            for word, x, y in (("", a.value, b.value), ("上期值", a.base, b.base), ("目标值", a.target, b.target)):
                if x != y:
                    texts = (None if v is None else shown(v) for v in (x, y))
                    from_, to = (f"{t}{indicator.unit}" if t is not None else "—" for t in texts)
                    yield f"数据：{unit.title}“{indicator.title}”{word} {from_} → {to}。"


def _awards(old: Run, new: Run) -> Iterator[str]:
    for placing in new.placings:
        before = _of(old, placing.unit)
        if before is not None and before.bonus != placing.bonus:
            name = _title(new, placing.unit)
            yield f"加减分：{name} {shown(before.bonus)} → {shown(placing.bonus)}。"


def _places(old: Run, new: Run) -> Iterator[str]:
    for placing in new.placings:
        before, name = _of(old, placing.unit), _title(new, placing.unit)
        if before is None:
            continue
        if before.total != placing.total:
            change = ""
            if before.total is not None and placing.total is not None:
                change = f"（{format_change(placing.total - before.total, places=max(new.scheme.places, 2))}）"
            places = new.scheme.places
            was, now = (format_number(t, places=places) for t in (before.total, placing.total))
            yield f"总分：{name} {was} → {now}{change}。"
        if before.place != placing.place:
            was, now = (f"第 {p} 名" if p else "不排名" for p in (before.place, placing.place))
            yield f"名次：{name} {was} → {now}。"


def _of(run: Run, unit: str) -> Placing | None:
    return next((s for s in run.placings if s.unit == unit), None)


def _title(run: Run, unit: str) -> str:
    return next(u.title for u in run.data.units if u.code == unit)
