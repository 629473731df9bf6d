"""Tables copied one cell a line, terms that date an item, and levels that stand without their noun."""

from __future__ import annotations

from keji.lib.plantext import read


def _found(text: str) -> list[tuple[str, str, float | None, str]]:
    return [(t.subject, t.op, None if t.value is None else float(t.value), t.unit) for t in read(text).targets]


def test_a_table_of_one_cell_a_line_is_read_by_its_running_numbers() -> None:
    text = "2024年任务表\n序号\n指标\n单位\n2023年\n2024年目标\n1\n高企\n家\n120\n150\n2\n研发投入强度\n%\n2.1\n2.3\n"
    assert _found(text) == [("高企", "eq", 150.0, "家"), ("研发投入强度", "eq", 2.3, "%")]
    assert [t.line for t in read(text).targets] == [11, 16]


def test_blank_lines_between_cells_do_not_matter() -> None:
    text = "2024年要点\n\n指标\n\n单位\n\n2024年目标\n\n高企\n\n家\n\n150\n\n合同额\n\n亿元\n\n40以上\n\n引进人才30名。"
    assert _found(text) == [("高企", "eq", 150.0, "家"), ("合同额", "ge", 40.0, "亿元"), ("人才", "eq", 30.0, "名")]


def test_cells_may_be_sentences_when_the_rows_are_numbered() -> None:
    text = (
        "2024年分解表\n序号\n目标任务\n责任单位\n1\n新增高企20家。\n科技局\n2\n完成技改投资12亿元，增长10%。\n工信局\n"
    )
    assert _found(text) == [
        ("高企", "eq", 20.0, "家"),
        ("技改投资", "eq", 12.0, "亿元"),
        ("技改投资", "growth_eq", 10.0, "%"),
    ]


def test_a_plain_list_of_short_lines_is_no_table() -> None:
    text = "2024年要点\n新增高企20家\n引进人才30名\n建成平台5个\n签约项目6个\n"
    assert [value for _, _, value, _ in _found(text)] == [20.0, 30.0, 5.0, 6.0]


def test_the_term_of_an_item_dates_its_targets() -> None:
    text = "2025年方案\n1.新增平台5个。（责任单位：市科技局；完成时限：2025年6月底）\n2.引进人才20名。\n"
    assert [str(t.deadline) for t in read(text).targets] == ["2025-06-30", "2025-12-31"]


def test_a_level_without_its_noun_takes_the_noun_before() -> None:
    text = "2025年方案\n国家级孵化器达到2家、省级8家。创新平台：新增国家级1家、市级20家。"
    assert [subject for subject, _, _, _ in _found(text)] == [
        "国家级孵化器",
        "省级孵化器",
        "国家级创新平台",
        "市级创新平台",
    ]


def test_the_month_of_issue_is_not_the_year_of_the_plan() -> None:
    assert (
        read("某市“十四五”科技规划\n（2021年12月）\n高新技术企业达到1000家。").targets[0].deadline.isoformat()
        == "2025-12-31"
    )  # type: ignore[union-attr]
