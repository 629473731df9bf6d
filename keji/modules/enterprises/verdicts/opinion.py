"""评价意见书: a kept verdict as an official paper, from what was kept and nothing else."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from keji.kernel.clock import day_of
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.setting import typeset
from keji.kernel.rules.models import Judgement, ParameterValue
from keji.lib.figures import plain_date
from keji.lib.paper.model import Block, Column, Heading, Note, Paper, Table, Text, numbered
from keji.lib.rules import vocabulary
from keji.lib.rules.condition import label_of
from keji.lib.rules.rule import rules
from keji.modules.enterprises.verdicts.facts import split
from keji.modules.enterprises.verdicts.showing import INDENT, Shelf, check_rows, score_rows, shortest_list, total_of

WORDS = {True: "符合", False: "不符合", None: "资料不足"}
SIGNED = {"必过": "符合", "必不过": "不符合", "需评审": "需经专家评审或人工核定"}


def title_of(kept: Judgement) -> str:
    rule = rules().get(kept.rule)
    return str(kept.trace.get("title") or (rule.title if rule else kept.rule))


def word_of(kept: Judgement) -> str:
    return str(kept.trace.get("outlook") or WORDS[kept.passed])


def conclusion_of(kept: Judgement) -> str:
    """The outcome as it is signed: 必过 and 必不过 are words for a list, a paper says what the points can come to."""
    word = word_of(kept)
    total = total_of(kept.trace["checks"])
    if word in WORDS.values() or total is None:
        return SIGNED.get(word, word)
    points, need, certain = f"评分 {total['found']}", total["need"], "–" not in total["found"]
    if word == "需评审":
        return f"{SIGNED[word]}（{points}，要求{need}）"
    if total["passed"] is not kept.passed:
        return SIGNED[word]  # a condition decides, whatever the points come to
    if certain:
        return f"{SIGNED[word]}（{points}，要求{need}）"
    edge = "取最低分也满足" if kept.passed else "取最高分也达不到"
    return f"{SIGNED[word]}（{points}，{edge}{need}的要求）"


def fact_rows(kept: Judgement) -> list[dict[str, str]]:
    """What was known then, in words; facts the vocabulary no longer has keep their name."""
    found, year = [], kept.facts.get("year", kept.on.year)
    for key, value in kept.facts.items():
        if key == "year":
            continue
        name, _ = split(key)
        known = name in vocabulary.facts()
        label = label_of(key, {"year": year}) if known else key
        found.append({"label": label, "value": vocabulary.fact(name).text(value) if known else str(value)})
    return found


def number_rows(kept: Judgement) -> list[dict[str, str]]:
    labels = dict(ParameterValue.objects.filter(name__in=kept.trace.get("numbers", {})).values_list("name", "label"))
    numbers = sorted(kept.trace.get("numbers", {}).items())
    return [
        {"label": labels.get(name, name), "value": vocabulary.decimals(*Fraction(value).as_integer_ratio(), 6)}
        for name, value in numbers
    ]


def as_paper(kept: Judgement) -> Paper:
    trace, head = kept.trace, letterhead()
    title, day = title_of(kept), plain_date(kept.on)
    failing, missing = shortest_list(trace)
    rule = f"《{title}》现行规定（{trace['cites']}，{plain_date(kept.edition)}起适用）"
    body: list[Block] = [
        Heading(1, "评价结论"),
        Text(
            f"依据{rule}，以{day}为评判日期，对{kept.party.name}（统一社会信用代码{kept.party.uscc}）"
            f"进行评价，结论为：{conclusion_of(kept)}。"
        ),
    ]
    if failing:
        body += [Heading(1, "不符合的条件"), *(Text(f"{i}. {said}。") for i, said in enumerate(failing, 1))]
    if missing:
        body += [Heading(1, "尚缺的资料"), Text("补齐以下资料后可以再评：" + "、".join(missing) + "。")]
    body += [Heading(1, "逐项说明"), _checks(trace["checks"])]
    if scores := score_rows(trace["checks"]):
        body += [Heading(1, "评分情况"), _scores(scores)]
    if facts := fact_rows(kept):
        columns = [Column("资料", "left", 3), Column("数值", "right", 2)]
        body += [Heading(1, "所用资料"), Table(columns, [[f["label"], f["value"]] for f in facts])]
    unsure = [n["label"] for n in number_rows(kept)]
    if unsure:
        body.append(
            Note("本次评价所用的可调数值：" + "；".join(f"{n['label']} {n['value']}" for n in number_rows(kept)) + "。")
        )
    body.append(Note("本意见书由系统按所列资料和条款逐项核对得出，供办理时参考；资料有误的，更正后重新评价。"))
    return Paper(
        title=f"{title}意见书",
        addressee=kept.party.name,
        body=numbered(body),
        signer=head.issuer,
        issued_on=day_of(kept.at),
        sealed=False,
        footnotes=(f"评价编号：{title}-{kept.pk}。评判人：{kept.by}。",),
    )


def _checks(checks: list[Any]) -> Table:
    titles = (("条件", 3.6), ("结果", 2), ("要求", 2.5), ("现状", 2.5), ("差距", 2.9), ("条款", 3.4))
    rows = []
    for row in check_rows(checks, Shelf()):
        values = [str(cell["value"]) for cell in row["cells"]]
        values[0] = values[0].replace(INDENT, "·")
        values[-1] = str(row["cells"][-1]["title"]) or "—"
        rows.append(values)
    return Table([Column(t, "left", w) for t, w in titles], rows)


def _scores(scores: list[dict[str, Any]]) -> Table:
    columns = [
        Column("指标", "left", 4),
        Column("得分", "center", 1.4),
        Column("满分", "center", 1),
        Column("现状", "left", 3),
    ]
    rows = [[s["label"].replace(INDENT, "·"), s["points"], str(s["full"]), s["found"]] for s in scores]
    return Table(columns, rows)


def word_file(kept: Judgement) -> bytes:
    return typeset(as_paper(kept), "docx")


def pdf_file(kept: Judgement) -> bytes:
    return typeset(as_paper(kept), "pdf")


def json_file(kept: Judgement) -> bytes:
    """The whole explanation, the same bytes whenever it is asked for."""
    body = {"id": kept.pk, "party": kept.party.uscc, "on": kept.on.isoformat()} | kept.trace | {"facts": kept.facts}
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True).encode()
