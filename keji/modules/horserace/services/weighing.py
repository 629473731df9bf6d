"""Weights otherwise: what every helper would give, what places follow, and taking one of them over into a draft.

A draft keeps what people said in `weighing`: {ballots: {judge: {code: points}}, pairs: {"one|other": times}}; numbers
are text, a pair such as 1/3 a fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked, whole
from keji.lib.figures import format_number
from keji.lib.race import weights
from keji.lib.race.doubt import SENTENCE, benefit_of_doubt
from keji.lib.race.run import Run
from keji.lib.race.scheme import Data
from keji.lib.race.scoring import SchemeError, score
from keji.lib.split import by_share
from keji.modules.horserace.flow import MethodForm
from keji.modules.horserace.models import RaceScheme
from keji.modules.horserace.services.content import ContentError, build, number, scheme_problems, scored, title_of
from keji.modules.horserace.services.figures import gather
from keji.modules.horserace.services.schemes import rehearsal_months

POINTS = Fraction(100)
CENT = Decimal("0.01")
METHODS = dict(MethodForm.METHODS)
#: Saaty's scale: how many times more important the first is than the second.
SCALE = {
    "9": "前者绝对重要（9）", "8": "8", "7": "前者重要得多（7）", "6": "6", "5": "前者明显重要（5）", "4": "4",
    "3": "前者稍重要（3）", "2": "2", "1": "同样重要（1）", "1/2": "1/2", "1/3": "后者稍重要（1/3）", "1/4": "1/4",
    "1/5": "后者明显重要（1/5）", "1/6": "1/6", "1/7": "后者重要得多（1/7）",
    "1/8": "1/8", "1/9": "后者绝对重要（1/9）",
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One helper's weights over all indicators of the scheme, adding up to 1; empty when `why` says it cannot tell."""

    key: str
    method: str
    weights: Mapping[str, Fraction]
    sentence: str
    warnings: tuple[str, ...] = ()
    why: str = ""
    places: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """What the helpers have to go by: points of a month, `codes` those every unit has. `own`: the scheme's weights."""

    codes: list[str]
    points: list[list[Fraction]]
    own: Mapping[str, Fraction]
    run: Run | None
    data: Data | None
    counted: list[str] | None
    label: str


def table_of(scheme: RaceScheme) -> Table:
    """The last approved month scored by this very scheme. Refused when the scheme is not whole yet."""
    if found := scheme_problems(scheme):
        raise Refused(found[0].rstrip("。"))
    own = build(scheme).weights()
    months = rehearsal_months()
    if not months:
        return Table([], [], own, None, None, None, "")
    month = months[0]
    try:
        gathered = gather(scheme, month, version="权重试算", only_scored=True)
        run = score(gathered.scheme, gathered.data)
    except (ContentError, SchemeError):
        return Table([], [], own, None, None, None, "")
    units = [u.code for u in run.data.units]
    full = [i.code for i in run.scheme.indicators if all(run.cells[u][i.code].points is not None for u in units)]
    points = [[run.cells[u][c].points or Fraction(0) for c in full] for u in units]
    counted, left = scored(scheme.content, month)
    return Table(full, points, own, run, gathered.data, counted if left else None, month.label)


def ways(scheme: RaceScheme, table: Table) -> list[Way]:
    """Every helper in turn, with the places it would give in the month of the table."""
    codes = list(table.own)
    found = [
        _judged("equal", table, lambda: weights.equal(codes)),
        _judged("budget", table, lambda: _budget(scheme, codes)),
        _judged("ahp", table, lambda: ahp_of(scheme, codes)),
        *(
            _judged(key, table, lambda way=way: _from_data(way, table))  # type: ignore[misc]
            for key, way in (("entropy", weights.entropy), ("critic", weights.critic), ("pca", weights.pca))
        ),
    ]
    return [_placed(scheme, table, way) for way in found]


def _judged(key: str, table: Table, make: Callable[[], weights.Weighing]) -> Way:
    try:
        made = make()
    except ValueError as problem:
        return Way(key, METHODS[key], {}, "", why=str(problem))
    given = {code: Fraction(w) for code, w in made.weights.items()}
    # What the data cannot weigh keeps the weight it has; the others share what is left.
    kept = {code: w for code, w in table.own.items() if code not in given}
    rest = 1 - sum(kept.values(), Fraction(0))
    whole = {code: kept.get(code, given.get(code, Fraction(0)) * rest) for code in table.own}
    return Way(key, METHODS[key], whole, made.sentence, made.warnings)


def _from_data(way: Any, table: Table) -> weights.Weighing:
    if not table.codes:
        raise ValueError("还没有正式计分的月份，不能从数据推算。")
    found: weights.Weighing = way(table.codes, table.points)
    return found


def _budget(scheme: RaceScheme, codes: list[str]) -> weights.Weighing:
    ballots = {
        judge: {code: Fraction(given.get(code, "0")) for code in codes}
        for judge, given in scheme.weighing.get("ballots", {}).items()
    }
    return weights.budget(ballots)


def pairs_of(codes: list[str]) -> list[tuple[str, str]]:
    return [(one, other) for n, one in enumerate(codes) for other in codes[n + 1 :]]


def compared(scheme: RaceScheme, codes: list[str]) -> dict[tuple[str, str], Fraction]:
    """What was said of each pair, by titles, for sentences name them."""
    said = scheme.weighing.get("pairs", {})
    return {
        (title_of(one), title_of(other)): Fraction(said[f"{one}|{other}"])
        for one, other in pairs_of(codes)
        if f"{one}|{other}" in said
    }


def ahp_of(scheme: RaceScheme, codes: list[str]) -> weights.Weighing:
    """ValueError while pairs are missing."""
    said, wanted = compared(scheme, codes), pairs_of(codes)
    if len(said) < len(wanted):
        raise ValueError(f"还有 {len(wanted) - len(said)} 对没有比较，请在下面的两两比较中选完。")
    titles = [title_of(code) for code in codes]
    made = weights.ahp(titles, said)
    given = {code: made.weights[title_of(code)] for code in codes}
    return weights.Weighing(made.method, given, made.sentence, made.warnings, made.consistency)


def contradictions(scheme: RaceScheme, codes: list[str]) -> list[tuple[str, str, str, str]]:
    """Where the comparisons contradict the rest most: [(one, other, said, what the others together say)]."""
    try:
        made = ahp_of(scheme, codes)
    except ValueError:
        return []
    if made.consistency is None or made.consistency <= weights.CONSISTENT:
        return []
    by_title = {title_of(code): w for code, w in made.weights.items()}
    odd = weights.contradictions(compared(scheme, codes), by_title)
    return [(one, other, str(said), format_number(fits, places=1)) for one, other, said, fits in odd]


def _placed(scheme: RaceScheme, table: Table, way: Way) -> Way:
    if table.data is None or not way.weights:
        return way
    try:
        again = build(RaceScheme(content=with_weights(scheme.content, way.weights)), only=table.counted)
        placings = score(again, table.data).placings
    except (ContentError, SchemeError) as problem:
        return Way(way.key, way.method, way.weights, way.sentence, (*way.warnings, f"不能排名：{problem}"))
    places = {s.unit: s.place for s in placings}
    return Way(way.key, way.method, way.weights, way.sentence, way.warnings, places=places)


def with_weights(content: Mapping[str, Any], shares: Mapping[str, Fraction]) -> dict[str, Any]:
    """The content with these shares of the whole, as levels and weights within them, to a hundredth of a per cent."""
    parts = {c: Decimal(p) for c, p in by_share(Decimal(100), dict(shares), step=CENT).parts.items()}
    levels, rows = [], []
    for level in content["levels"]:
        own = {r["code"]: parts[r["code"]] for r in content["indicators"] if r.get("level") == level["code"]}
        total = sum(own.values(), Decimal(0))
        levels.append({**level, "weight": f"{total.normalize():f}"})
        if total:
            within = by_share(Decimal(100), {c: Fraction(w) for c, w in own.items()}, step=CENT).parts
            own = {c: Decimal(within[c]) for c in own}
        rows += [(code, f"{Decimal(w).normalize():f}") for code, w in own.items()]
    found = dict(rows)
    indicators = [{**r, "weight": found.get(r["code"], r.get("weight"))} for r in content["indicators"]]
    return {**content, "levels": levels, "indicators": indicators}


@dataclass(frozen=True)
class Best:
    """One unit under the weights that suit it best. `mostly`: the indicators that make most of its score."""

    unit: str
    name: str
    score: str
    mostly: list[str]


def best_cases(table: Table) -> tuple[list[Best], str]:
    """Benefit of the doubt: every unit with the weights it would choose; with why not when it cannot be told."""
    if table.run is None or not table.codes:
        return [], "还没有正式计分的月份。"
    try:
        cases = benefit_of_doubt(table.codes, table.points)
    except ValueError as problem:
        return [], str(problem)
    found = []
    for case in cases:
        unit = table.run.data.units[case.unit]
        shares = sorted(((c, s) for c, s in case.shares.items() if s > 0.005), key=lambda pair: -pair[1])
        told = [f"{title_of(c)} {round(s * 100)}%" for c, s in shares[:3]]
        found.append(Best(unit.code, unit.title, f"{case.score:.3f}", told))
    return sorted(found, key=lambda b: b.score, reverse=True), SENTENCE


# --- what people say, and taking weights over ---------------------------------------------------------------------


def _discussed(scheme: RaceScheme, actor: Actor) -> RaceScheme:
    fresh: RaceScheme = locked(scheme)
    if fresh.state != RaceScheme.State.DRAFT:
        raise Refused("方案已经批准执行，不再讨论权重")
    if not actor.has(Role.OFFICER):
        raise Refused("权重讨论由业务科室记录")
    return fresh


def save_ballot(scheme: RaceScheme, judge: str, points: Mapping[str, Any], *, actor: Actor, at: datetime) -> RaceScheme:
    """One expert's 100 points over the indicators; the same name again replaces what it said before."""
    name = whole(judge, 30, "姓名")
    if not name:
        raise Refused("请写明是谁的意见")
    with writing(actor, at):
        fresh = _discussed(scheme, actor)
        codes = [row["code"] for row in fresh.content.get("indicators", ())]
        try:
            given = {c: number(points.get(c) or "0", f"“{title_of(c)}”的分数") or Fraction(0) for c in codes}
        except ContentError as problem:
            raise Refused(str(problem).rstrip("。")) from None
        if any(p < 0 for p in given.values()):
            raise Refused("分数不能是负数，请改正")
        total = sum(given.values(), Fraction(0))
        if total != POINTS:
            raise Refused(f"{name}分出的分数合计 {format_number(total)}，应正好是 100，请核对")
        ballots = fresh.weighing.get("ballots", {}) | {name: {c: _plain(p) for c, p in given.items()}}
        fresh.weighing = {**fresh.weighing, "ballots": ballots}
        fresh.save(update_fields=["weighing"])
        log("记录专家赋分", fresh, {"专家": [None, name]})
    return fresh


def _plain(value: Fraction) -> str:
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"


def drop_ballot(scheme: RaceScheme, judge: str, *, actor: Actor, at: datetime) -> RaceScheme:
    with writing(actor, at):
        fresh = _discussed(scheme, actor)
        ballots = dict(fresh.weighing.get("ballots", {}))
        if ballots.pop(judge, None) is None:
            raise Refused("没有这位专家的赋分")
        fresh.weighing = {**fresh.weighing, "ballots": ballots}
        fresh.save(update_fields=["weighing"])
        log("删去专家赋分", fresh, {"专家": [judge, None]})
    return fresh


def save_pairs(scheme: RaceScheme, pairs: Mapping[str, str], *, actor: Actor, at: datetime) -> RaceScheme:
    """{"one|other": a value of the scale or ""}: what is empty is not compared yet."""
    with writing(actor, at):
        fresh = _discussed(scheme, actor)
        wanted = {f"{a}|{b}" for a, b in pairs_of([row["code"] for row in fresh.content.get("indicators", ())])}
        said = {key: value for key, value in pairs.items() if key in wanted and value}
        if odd := next((v for v in said.values() if v not in SCALE), None):
            raise Refused(f"“{odd[:10]}”不在比较尺度里，请重新选择")
        before = fresh.weighing.get("pairs", {})
        fresh.weighing = {**fresh.weighing, "pairs": said}
        fresh.save(update_fields=["weighing"])
        if before != said:
            log("记录两两比较", fresh, {"已比较": [len(before), len(said)]})
    return fresh


def use(scheme: RaceScheme, method: str) -> None:
    """Put one helper's weights into the draft's content; the caller saves it. Refused when the helper has none."""
    if method not in METHODS:
        raise Refused("没有这种方法，请重新选择")
    way = next(w for w in ways(scheme, table_of(scheme)) if w.key == method)
    if not way.weights:
        raise Refused(f"{way.method}还没有权重：{way.why.rstrip('。')}")
    scheme.content = with_weights(scheme.content, way.weights)
