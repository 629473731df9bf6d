"""The bulletin's words: one fixed sentence pattern per finding, so the same figures always give the same text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from keji.desk.templatetags.look import light_word
from keji.lib.figures import Period, format_number, plain_date
from keji.lib.paper.words import official
from keji.modules.plan.models import PlanTarget
from keji.modules.plan.phrases import wanted
from keji.modules.plan.services.bulletin_rows import BulletinRow, shown_rate, shown_share, shown_value
from keji.modules.plan.services.follow import Standing
from keji.modules.plan.services.measure import Figure
from keji.modules.plan.services.track import CountyLine

DASH, NONE = "—", "不适用"
NAMED = 3  # how many are named at either end


def amount(value: Decimal | None, unit: str) -> str:
    """1350家: official papers set no commas between thousands."""
    return _plain(format_number(shown_value(value), unit)) if value is not None else DASH


def _plain(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def goal_text(target: PlanTarget) -> str:
    """750家以上, 增长15%以上, 2500人左右, 完成."""
    return _plain(wanted(target))


def done_text(row: BulletinRow) -> str:
    """The figure reached, as a table prints it."""
    if row.figure.done is not None:
        return "已完成" if row.figure.done else "未完成"
    if row.value is None:
        return NONE if row.empty == "not_applicable" else DASH
    return amount(row.value, row.unit)


def county_text(figure: Figure, unit: str) -> str:
    if figure.value is None:
        return NONE if figure.empty == "not_applicable" else DASH
    return amount(figure.value, unit)


def rate_text(row: BulletinRow) -> str:
    if row.empty == "not_reported":
        return DASH
    shown = shown_rate(row.completion)
    return NONE if shown is None or row.figure.done is not None else f"{shown:f}"


def change_cell(row: BulletinRow) -> str:
    if row.figure.done is not None or row.empty == "not_applicable":
        return NONE
    if row.change is None:
        return DASH
    if not row.change:
        return "持平"
    unit = "个百分点" if row.unit == "%" else row.unit
    return ("+" if row.change > 0 else "−") + amount(abs(row.change), unit)


def change_phrase(row: BulletinRow) -> str:
    """较上月增加12家（其中新增15家、到期3家）; "" when there is nothing to compare with."""
    if row.change is None:
        return ""
    unit = "个百分点" if row.unit == "%" else row.unit
    if not row.change:
        phrase = "与上月持平"
    else:
        phrase = f"较上月{'增加' if row.change > 0 else '减少'}{amount(abs(row.change), unit)}"
    return phrase + _reasons(row)


def _reasons(row: BulletinRow) -> str:
    """（其中新增15家）, or both sides apart when records came and went: the parts sum to the change."""
    came, went = (
        "、".join(f"{reason}{abs(n)}{row.unit}" for reason, n in row.moved if (n > 0) == up) for up in (True, False)
    )
    if came and went:
        return f"（增加的有{came}，减少的有{went}）"
    return f"（其中{came or went}）" if came or went else ""


def status(row: BulletinRow) -> str:
    return light_word(row.light.kind.value)


def quoted(rows: Sequence[BulletinRow]) -> str:
    """“甲”“乙”: between quotation marks no enumeration comma is set."""
    return "".join(in_quotes(r.target.subject) for r in rows)


def in_quotes(text: str) -> str:
    """Quotation marks inside quotation marks are single ones."""
    return "“" + text.replace("“", "‘").replace("”", "’") + "”"


def overview(rows: Sequence[BulletinRow], period: Period) -> str:
    counts = dict.fromkeys(("已完成", "正常", "偏慢", "滞后", "未开始", "未报", "不适用"), 0)
    for row in rows:
        word = {"超额": "已完成"}.get(status(row), status(row))
        counts[word] = counts.get(word, 0) + 1
    names = {"正常": "进度正常", "偏慢": "进度偏慢", "滞后": "进度滞后", "未报": "未报送数据", "不适用": "本期不适用"}
    parts = "，".join(f"{names.get(word, word)}{n}项" for word, n in counts.items() if n)
    return f"截至{plain_date(period.end)}，列入通报的{len(rows)}项量化目标中，{parts}。" if rows else ""


def milestones(rows: Sequence[BulletinRow]) -> str:
    """Tasks that are done or not done, in one sentence."""
    if not rows:
        return ""
    done = [r for r in rows if r.met]
    named = f"（{quoted(done[:6])}{'等' if len(done) > 6 else ''}）" if done else ""
    parts = [f"没有量化指标的节点事项{len(rows)}项"]
    parts += [f"已完成{len(done)}项{named}"] if done else []
    if len(done) < len(rows):
        parts.append(f"还有{len(rows) - len(done)}项没有完成" if done else "都还没有完成")
    return "，".join(parts) + "。"


def reached(rows: Sequence[BulletinRow]) -> str:
    done = [r for r in rows if r.met]
    return f"已完成年度目标的有：{quoted(done)}。" if done else ""


def movements(rows: Sequence[BulletinRow]) -> str:
    """Which figures moved since last month, and why, for those whose records are here."""
    told = [
        f"{r.target.subject}{amount(r.value, r.unit)}，{change_phrase(r)}"
        for r in rows
        if r.moved and r.change is not None
    ]
    return "从变化情况看，" + "；".join(told) + "。" if told else ""


def county_finding(row: BulletinRow) -> str:
    """Who leads, who lags, who has not reported, for one target split to counties."""
    first = f"全市完成{done_text(row)}，年度目标为{goal_text(row.target)}"
    if (rate := shown_rate(row.completion)) is not None:
        first += f"，完成率{rate:f}%"
    phrase = change_phrase(row)
    sentences = [first + (f"，{phrase}" if phrase else "") + "。"] if row.value is not None else []
    sentences += _ends(row.counties)
    missing = [c for c in row.counties if c.figure.value is None and c.figure.empty != "not_applicable"]
    if missing:
        sentences.append(f"{_names(missing)}没有报送数据，不参加排位。")
    return "".join(sentences)


def _ends(counties: Sequence[CountyLine]) -> list[str]:
    known = sorted((c for c in counties if c.rank is not None), key=lambda c: (c.rank or 0, c.region.order))
    if not known:
        return []
    what = "完成率" if known[0].completion is not None else "增速"
    if len({c.sort_value for c in known}) == 1:
        return [f"各县区{what}均为{_place(known[0])}。"] if len(known) > 1 else []
    # Ends never cut through a tie: whoever shares the last named rank is named too, or none of them.
    top = [c for c in known if (c.rank or 0) <= min(NAMED, len(known) // 2 or 1)]
    rest = [c for c in known if c not in top]
    lowest = rest[-min(2, len(rest)) :] if rest else []
    edge = lowest[0].rank if lowest else 0
    lowest = [c for c in rest if (c.rank or 0) >= (edge or 0)]
    found = [f"分县区看，{what}居前的是{_with_rates(top)}"] if len(top) <= 5 else []
    if lowest and len(lowest) <= 5:
        found.append(f"靠后的是{_with_rates(lowest)}" if found else f"分县区看，{what}靠后的是{_with_rates(lowest)}")
    return ["；".join(found) + "。"] if found else []


def _with_rates(counties: Sequence[CountyLine]) -> str:
    return "、".join(f"{c.region.name}（{_place(c)}）" for c in counties)


def _place(county: CountyLine) -> str:
    """What a county is ranked by: its rate of completion, or its growth where growth is asked for."""
    rate = shown_rate(county.completion)
    return f"{rate:f}%" if rate is not None else amount(county.figure.value, "%")


def _names(counties: Sequence[CountyLine]) -> str:
    return "、".join(c.region.name for c in counties)


def lagging(row: BulletinRow, problem: str) -> str:
    """One target behind its pace: how far, who leads it, what its section says stands in the way."""
    target = row.target
    text = f"{in_quotes(target.subject)}年度目标为{goal_text(target)}，"
    if row.figure.done is not None:
        text += f"应于{plain_date(target.due_on)}前完成，目前未完成"
    else:
        text += f"目前{_reached_so_far(row)}"
        text += _against_pace(row)
    text += f"，进度{status(row)}"
    if target.section:
        text += f"，由{target.section.name}牵头"
    text += "。"
    if problem:
        text += f"牵头科室反映：{problem.rstrip('。；;.')}。"
    return text


def _reached_so_far(row: BulletinRow) -> str:
    op = row.target.op
    if op.startswith("growth_") and row.value is not None:
        return f"{'增长' if row.value >= 0 else '下降'}{amount(abs(row.value), '%')}"
    return f"为{done_text(row)}"


def _against_pace(row: BulletinRow) -> str:
    """How much of the way is gone and how much should be: of a stock the net increase, else the whole."""
    goal = row.target.value
    if row.base is not None and goal is not None and row.value is not None and goal > row.base:
        if row.value < row.base:
            return f"，低于年初的{amount(row.base, row.unit)}"
        risen = (row.value - row.base) / (goal - row.base)
        said = f"，比年初净增{amount(row.value - row.base, row.unit)}，为全年净增任务的{shown_rate(risen):f}%"
        return said + _short_of_pace(row, risen)
    rate = shown_rate(row.completion)
    return f"，完成率{rate:f}%{_short_of_pace(row, row.completion)}" if rate is not None else ""


def _short_of_pace(row: BulletinRow, gone: Decimal | None) -> str:
    """Said only where it is so: a share in per cent does not grow with the year, and is judged otherwise."""
    if gone is None or row.pace is None or row.unit == "%" or not gone < row.pace < 1:
        return ""
    return f"，低于{shown_share(row.pace)}%的时间进度"


def unreported(rows: Sequence[BulletinRow]) -> str:
    missing = [r for r in rows if r.empty == "not_reported" and not r.milestone]
    return f"{quoted(missing)}没有报送当月数据，请有关牵头科室尽快补报。" if missing else ""


def notes_finding(period: Period, found: Sequence[Standing], on_text: str) -> str:
    """How many notes were due, came in time, came late, have not come; who has been silent for months."""
    due = [s for s in found if s.note is not None or (s.record.state != "closed")]
    if not due:
        return f"{period.label}没有应报送进展的督办事项。"
    timely = sum(s.note is not None and s.late_days == 0 for s in due)
    late = sum(s.note is not None and s.late_days > 0 for s in due)
    missing = sum(s.note is None for s in due)
    parts = [f"按时报送{timely}项"] + ([f"逾期报送{late}项"] if late else [])
    parts += [f"截至{on_text}未报送{missing}项"] if missing else []
    text = f"{period.label}应报送进展的督办事项{len(due)}项，{'，'.join(parts)}。"
    silent = [s for s in due if s.silent >= 2]
    if silent:
        named = "、".join(s.record.section.name + in_quotes(bare(s.record.title)) for s in silent[:5])
        text += f"连续两个月以上没有报送的有{len(silent)}项：{named}{'等' if len(silent) > 5 else ''}。"
    return text


def demands(rows: Sequence[BulletinRow], found: Sequence[Standing]) -> list[str]:
    """What is asked for next; the drafter sharpens it."""
    behind = [r for r in rows if r.behind]
    texts = []
    if behind:
        texts.append(
            f"请{quoted(behind[:5])}{'等' if len(behind) > 5 else ''}目标的牵头科室逐项分析原因，"
            "明确赶进度的措施、责任人和完成时间，会同有关县区抓好落实。"
        )
    if any(s.owed for s in found):
        texts.append("请未按时报送进展的科室在本通报印发后三个工作日内补报，如实写明存在问题和下一步打算。")
    texts.append("请各县区科技局、局机关各科室对照年度目标倒排工期，确保全年任务按期完成。")
    return texts


def bare(title: str) -> str:
    """A task's title without the number it has in the plan."""
    return re.sub(r"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．])\s*", "", title)


def first_sentence(text: str, most: int = 80) -> str:
    """The first sentence of a section's own words, short enough for a bulletin."""
    plain = official(text).replace("\n", "")
    found = re.match(r"[^。；！？]+", plain)
    sentence = found[0] if found else ""
    return sentence if len(sentence) <= most else sentence[: most - 1] + "…"
