"""What the paper on a year says: grades as they were decided, what the public notice brought, how it came about."""

from __future__ import annotations

from keji.kernel.records.notices import result_sentence
from keji.lib.figures import plain_date
from keji.modules.horserace.models import Appraisal, AppraisalLine, RaceRun
from keji.modules.horserace.services import reading
from keji.modules.horserace.services.appraisals import final_of
from keji.modules.horserace.services.paper_blocks import (
    Block,
    doubt_blocks,
    heading,
    indicator_blocks,
    method_blocks,
    objection_blocks,
    overview,
    shown_only,
    table,
    text,
)


def year_blocks(record: RaceRun) -> list[Block]:
    decided = final_of(record)
    graded = [] if decided is None else list(decided.lines.select_related("region"))
    return [
        heading("评价结果"),
        text("overview", overview(record)),
        grades_table(record, graded),
        text("award", awards(graded)),
        *changed(graded),
        heading("公示情况"),
        text("publicity", publicity(decided)),
        heading("分数构成"),
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


def grades_table(record: RaceRun, graded: list[AppraisalLine]) -> Block:
    run = reading.run_of(record)
    columns = [("名次", "center"), ("单位", "left"), ("得分", "right"), ("等次", "center"), ("激励", "left")]
    rows = [
        [str(x.place or "—"), x.region.name, reading.score_text(run, x.total), x.grade, x.award or "—"] for x in graded
    ]
    return table("表1　年度评价结果", columns, rows, "等次按名次划定，名次并列的一并计入；等次名额尚待核对。")


def awards(graded: list[AppraisalLine]) -> str:
    best = [x.region.name for x in graded if x.grade == "优秀"]
    words = f"评为优秀的单位：{'、'.join(best)}。" if best else "本年度没有单位评为优秀。"
    by_award: dict[str, list[str]] = {}
    for x in graded:
        if x.award:
            by_award.setdefault(x.award, []).append(x.region.name)
    return words + "".join(f"对{'、'.join(names)}予以{award}。" for award, names in by_award.items())


def changed(graded: list[AppraisalLine]) -> list[Block]:
    """Grades that are not those of their places, each with its reason."""
    told = [f"{x.region.name}按名次应评{x.due}，评为{x.grade}：{x.reason.rstrip('。')}。" for x in graded if x.changed]
    return [text("changed", "".join(told))] if told else []


def publicity(decided: Appraisal | None) -> str:
    if decided is None or decided.notice is None or decided.finished_on is None:
        return "评价结果还没有公示。"
    notice = decided.notice
    result = result_sentence(notice, decided.finished_on)
    return (
        f"评价等次于{notice.period()}公示（{notice.number}）。{result}"
        f"{plain_date(decided.finished_on)}由{decided.finished_by}确定（{decided.number}）。"
    )
