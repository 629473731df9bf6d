"""What the race's papers say, as blocks: month, quarter, year. Figures come from the run's file only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keji.kernel.indicators.objections import FigureObjection
from keji.lib.figures import format_number, plain_date
from keji.lib.race.comparing import compare
from keji.modules.horserace.models import RaceRun, ReviewTask
from keji.modules.horserace.services import reading
from keji.modules.horserace.services.content import method_of, rows_of, title_of

Block = dict[str, Any]


def heading(text: str, level: int = 1) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def text(key: str, words: str) -> Block:
    return {"kind": "text", "key": key, "text": words}


def table(
    caption: str, columns: list[tuple[str, str]], rows: list[list[str]], note: str = "", widths: Sequence[float] = ()
) -> Block:
    """`columns`: (title, align). `widths`: shares of the line; without them columns are as wide as what they hold."""
    found = {"kind": "table", "caption": caption, "columns": columns, "rows": rows, "note": note}
    return found | ({"widths": list(widths)} if widths else {})


def without_empty(
    columns: list[tuple[str, str]], rows: list[list[str]], kept: int
) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """The table without columns in which nobody has anything; the first `kept` always stay."""
    told = [n for n in range(len(columns)) if n < kept or any(row[n] != "—" for row in rows)]
    return [columns[n] for n in told], [[row[n] for n in told] for row in rows]


def blocks_of(record: RaceRun) -> list[Block]:
    """The body of the paper on a run."""
    from keji.modules.horserace.services.year_blocks import year_blocks

    make = {"month": month_blocks, "quarter": quarter_blocks, "year": year_blocks}[record.kind]
    return [*correction_blocks(record), *make(record)]


def correction_blocks(record: RaceRun) -> list[Block]:
    """A corrected run prints what changed, with the reason; the old version stays readable."""
    if record.supersedes is None:
        return []
    changes = compare(reading.run_of(record.supersedes), reading.run_of(record))
    told = "".join(c for c in changes if not c.startswith("数据版本"))
    words = (
        f"本期结果为第{record.version}版，代替{record.supersedes.number}。更正原因：{record.reason.rstrip('。')}。"
        f"两版差别：{told or '名次和得分没有变化。'}"
    )
    return [heading("更正说明"), text("correction", words)]


def overview(record: RaceRun) -> str:
    run = reading.run_of(record)
    told = reading.leaders_and_slippers(record)
    first = "、".join(line.name for line in told["leads"])
    words = [f"{record.span.label}，{len(run.data.units)}个单位参加赛马，{first}排名第一。"]
    for key, verb in (("gains", "上升"), ("slips", "下降")):
        if told[key]:
            named = "、".join(f"{line.name}（{abs(line.placing.change or 0)}位）" for line in told[key][:3])
            words.append(f"名次{verb}的有{named}。")
    unranked = [line for line in reading.lines(record) if line.placing.place is None]
    words += [f"{line.name}未排名：{line.placing.note}。" for line in unranked]
    return "".join(words)


def ranking_table(record: RaceRun) -> Block:
    rows = [
        [
            str(line.placing.place or "—"),
            line.name,
            reading.score_text(reading.run_of(record), line.placing.total),
            line.moved,
            line.span.replace(" ", ""),
        ]
        for line in reading.lines(record)
    ]
    columns = [("名次", "center"), ("单位", "left"), ("得分", "right"), ("名次变化", "center"), ("名次区间", "center")]
    note = (
        f"名次区间：换用其他合理算法和权重模拟{record.doubt['count']:,}次，九成以上落在的名次。" if record.doubt else ""
    )
    return table("表1　赛马排名", columns, rows, note)


def doubt_blocks(record: RaceRun) -> list[Block]:
    if not record.doubt:
        return [text("doubt", "参加排名的单位不足两个，不作名次稳健性分析。")]
    names = {u.code: u.title for u in reading.run_of(record).data.units}
    groups = [g for g in record.doubt["alike"] if len(g) > 1]
    same = "；".join("、".join(names[u] for u in g) for g in groups)
    words = f"下列单位之间分不出先后：{same}。" if same else "相邻单位之间的先后都是清楚的。"
    return [text("doubt", words), text("sensitivity", record.doubt["sensitivity"])]


def indicator_blocks(record: RaceRun, first: int = 2) -> list[Block]:
    run, about = reading.run_of(record), record.about["indicators"]
    found: list[Block] = []
    columns = [
        ("位次", "center"),
        ("单位", "left"),
        ("数值", "right"),
        ("较基数", "right"),
        ("目标", "right"),
        ("完成率", "right"),
        ("得分", "right"),
    ]
    for n, indicator in enumerate(run.scheme.indicators, first):
        own = about.get(indicator.code, {})
        rows = [
            [str(x.place or "—"), x.name, x.value, x.change, x.target, x.completion, x.points]
            for x in reading.indicator_lines(record, indicator.code)
        ]
        gaps = [f"{x.name}：{x.note}" for x in reading.indicator_lines(record, indicator.code) if x.note]
        note = f"数据期间：{own.get('period', '')}；来源：{own.get('owner', '')}；数据版本第{own.get('version', 0)}版。"
        note += "".join(f"{g}。" for g in gaps[:4])
        found.append(table(f"表{n}　{indicator.title}", *without_empty(columns, rows, 3), note))
    return found


def shown_only(record: RaceRun) -> list[Block]:
    """Indicators of the scheme that do not count this time, with why: R&D comes once a year, nine months late."""
    left = record.about.get("left_out", {})
    if not left:
        return []
    rows = rows_of(record.scheme.content)
    words = []
    for code, why in left.items():
        proxies = [title_of(c) for c in rows.get(code, {}).get("proxies", ())]
        near = f"，可参考{'、'.join(proxies)}" if proxies else ""
        words.append(f"{title_of(code)}：{why}{near}。")
    found = [text("left", "本期不计分的指标：" + "".join(words) + "其权重按比例分给其余指标。")]
    heads, lines = reading.shown_lines(record)
    if heads:
        columns = [("单位", "left"), *((head, "right") for head in heads)]
        found.append(table("只展示、不计分的指标", columns, lines))
    return found


def objection_blocks(record: RaceRun) -> list[Block]:
    """What counties held against their figures, and the answers: both are printed."""
    if record.round is None:
        return []
    codes = list(record.round.items.values_list("indicator", flat=True))
    found = FigureObjection.objects.filter(period=record.round.period, indicator__in=codes).select_related("region")
    rows = [
        [
            o.region.name,
            o.indicator_name,
            f"{_plain(o.shown)} / {_plain(o.claimed)}",
            o.grounds[:80],
            f"{o.get_state_display()}：{o.answer[:80]}" if o.answer else o.get_state_display(),
        ]
        for o in found
    ]
    if not rows:
        return [text("objections", "预排期间各单位没有提出异议。")]
    columns = [("单位", "left"), ("指标", "left"), ("系统数/主张数", "center"), ("理由", "left"), ("答复", "left")]
    return [table("异议和答复", columns, rows)]


def _plain(value: Any) -> str:
    return "—" if value is None else format_number(value)


def method_blocks(record: RaceRun) -> list[Block]:
    run, rows = reading.run_of(record), rows_of(record.scheme.content)
    weights = run.scheme.weights()
    columns = [("指标", "left"), ("权重", "right"), ("计分方法", "left"), ("缺数处理", "left")]
    lines = [
        [i.title, f"{format_number(weights[i.code] * 100, places=2)}%", method_of(rows[i.code]), i.missing.word]
        for i in run.scheme.indicators
    ]
    state = "" if record.scheme.certain else "方案中的权重和方法尚待核对。"
    note = f"{record.scheme}，依据：{record.scheme.cites}。{state}"
    return [table("计分方法", columns, lines, note, widths=(2.6, 1.1, 2.6, 2.7))]


def month_blocks(record: RaceRun) -> list[Block]:
    return [
        heading("总体情况"),
        text("overview", overview(record)),
        ranking_table(record),
        {"kind": "picture", "name": "contributions", "caption": "图1　各指标对总分的贡献"},
        heading("名次的把握"),
        *doubt_blocks(record),
        heading("各项指标"),
        *shown_only(record),
        *indicator_blocks(record),
        heading("异议和答复"),
        *objection_blocks(record),
        heading("计分方法"),
        *method_blocks(record),
    ]


def quarter_blocks(record: RaceRun) -> list[Block]:
    return [
        heading("排名情况"),
        text("overview", overview(record)),
        ranking_table(record),
        {"kind": "picture", "name": "contributions", "caption": "图1　各指标对总分的贡献"},
        heading("短板"),
        text("short", shortcomings(record)),
        heading("调度事项"),
        tasks_table(record),
        heading("会议意见"),
        text("minutes", "（请填写季度调度会的意见。）"),
        heading("名次的把握"),
        *doubt_blocks(record),
        heading("各项指标"),
        *shown_only(record),
        *indicator_blocks(record, 3),
        heading("计分方法"),
        *method_blocks(record),
    ]


def shortcomings(record: RaceRun) -> str:
    words = []
    for line in reading.lines(record):
        weak = reading.weakest(record, line.placing.unit)
        if weak:
            named = "、".join(f"{w.indicator.title}（{w.value}，第{w.place}位）" for w in weak)
            words.append(f"{line.name}：{named}。")
    return "\n".join(words) or "各单位各项指标没有差距。"


def tasks_table(record: RaceRun) -> Block:
    tasks = ReviewTask.objects.filter(run=record).select_related("region", "section")
    rows = [
        [t.region.name, t.title, t.owner, str(t.section or "—"), plain_date(t.due_on), t.get_state_display()]
        for t in tasks
    ]
    columns = [
        ("单位", "left"),
        ("事项", "left"),
        ("责任人", "center"),
        ("督促科室", "center"),
        ("期限", "center"),
        ("状态", "center"),
    ]
    return table("表2　调度事项", columns, rows or [["—", "本季度没有下达调度事项", "—", "—", "—", "—"]])
