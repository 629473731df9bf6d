"""Whole documents: the real plan, the labelled sets, and properties that hold for any text."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import plan_read
from keji.lib.plantext import PlanError, open_document, read
from keji.lib.plantext.cli import main
from keji.lib.plantext.lexer import lex
from keji.lib.plantext.outline import outline, split

PLANS = Path(__file__).resolve().parent.parent / "data/plans"
REAL = PLANS / "luan-2024.txt"


@pytest.fixture(scope="module")
def real():
    return read(REAL.read_text(encoding="utf-8"))


def test_the_real_plan_has_five_actions_and_sixteen_tasks(real) -> None:
    third = real.clauses[2]
    assert [clause.number for clause in real.clauses] == ["一", "二", "三"]
    assert [action.number for action in third.children] == ["（一）", "（二）", "（三）", "（四）", "（五）"]
    assert [task.number for action in third.children for task in action.children] == [str(n) for n in range(1, 17)]


def test_the_real_plan_yields_every_target(real) -> None:
    found = [(t.line, t.op, None if t.value is None else float(t.value)) for t in real.targets]
    assert found == [
        (6, "growth_ge", 15), (6, "ge", 750), (6, "ge", 1350), (6, "eq", 4), (6, "eq", 1), (6, "eq", 2500), (6, "eq", 20),  # noqa: E501
        (9, "coverage_all", None), (9, "coverage_all", None), (9, "ge", 750), (9, "eq", 1350), (10, "eq", 4), (10, "eq", 1),  # noqa: E501
        (11, "ge", 10), (11, "ge", 3), (11, "ge", 3), (12, "about", 5), (12, "ge", 34), (12, "ge", 10), (14, "drive_to_zero", 0),  # noqa: E501
        (14, "about", 5), (14, "growth_ge", 15), (15, "about", 2500), (15, "eq", 20), (19, "eq", 2), (19, "eq", 10),
        (20, "coverage_all", None), (23, "eq", 1.8),
    ]  # fmt: skip


def test_the_same_target_cited_twice_is_one_with_two_places(real) -> None:
    linked = {
        group.targets[0].subject: [t.line for t in group.targets] for group in real.groups if len(group.targets) > 1
    }
    assert linked == {
        "全社会研发经费": [6, 14], "高新技术企业总数": [6, 9], "科技型中小企业": [6, 9], "科技创新平台": [6, 10],
        "省科技企业孵化器": [6, 10], "科技特派员总数": [6, 15], "科技特派团": [6, 15],
    }  # fmt: skip


def test_contradicting_citations_are_a_conflict_to_settle(real) -> None:
    assert [group.targets[0].subject for group in real.conflicts] == ["科技型中小企业", "科技特派员总数"]
    assert "1350家以上" in real.conflicts[0].question and "请确认" in real.conflicts[0].question


def test_the_real_plan_has_milestones_when_asked_for() -> None:
    found = read(REAL.read_text(encoding="utf-8"), everything=True).targets
    assert any("工大智谷" in t.subject for t in found if t.op == "milestone")


@pytest.mark.parametrize("prefix", plan_read.SETS)
def test_labelled_documents_are_read_well(prefix: str) -> None:
    score = plan_read.score(prefix)
    assert score.precision >= 0.95 and score.recall >= 0.95, score.notes
    assert score.operator >= 0.97, score.notes


def test_sixteen_thousand_characters_take_less_than_a_tenth_of_a_second() -> None:
    # Three times the promise, so that a busy machine does not fail the test.
    assert plan_read.speed() < 300


_PIECES = """高新技术企业 达到 力争 5家 12% 3.5亿元 以上 、 ， 。 ； ： （ ）
“ ” 分别 和 增长 从 提高到 2024年 1～3个 一、 （一） 1. 万 二十家
前5 第3 的 翻一番 清零 应评尽评 全覆盖 | X家 1/3 百分之五 个百分点 高于全省 年产
总投资 给予 已 去年 指标 目标 一批 亿元以上 ② 《 》 10 至"""
_WORDS = st.sampled_from([*_PIECES.split(), "\n", " ", "\t"])
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map("".join))


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_any_text_is_read_and_every_quotation_is_exact(text: str) -> None:
    document = read(text, everything=True)
    lines = split(text)
    for found in (*document.targets, *document.excluded):
        assert found.text in lines[found.line - 1]


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_reading_is_deterministic(text: str) -> None:
    first, second = read(text), read(text)
    assert [t.as_dict() for t in first.targets] == [t.as_dict() for t in second.targets]
    assert first.excluded == second.excluded


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS.filter(lambda w: w not in ("|", "\t")), max_size=40).map("".join))
def test_every_figure_with_a_unit_ends_as_target_or_named_exclusion(text: str) -> None:
    document = read(text)
    _, _, paragraphs = outline(split(text))
    figures = sum(1 for p in paragraphs if not p.table for t in lex(p.text) if t.kind == "quantity")
    assert len(document.targets) + len(document.excluded) >= figures
    assert all(excluded.reason for excluded in document.excluded)


def test_json_lines_carry_the_published_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "read", str(REAL), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    published = "line text subject op value unit value_base unit_base deadline clause"
    assert set(published.split()) <= set(rows[0])
    assert rows[7]["clause"] == ["三", "（一）", "1"]


def test_the_report_is_a_tree_and_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "read", str(REAL)]) == 0
    out = capsys.readouterr().out
    assert "（一）　创新主体扩容行动" in out and "目标 28 个" in out and "表述不一致" in out


def test_a_workbook_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import openpyxl

    out = tmp_path / "plan.xlsx"
    assert main(["plan", "read", str(REAL), "--xlsx", str(out)]) == 0
    book = openpyxl.load_workbook(out)
    assert book["目标"].max_row == 29
    assert book["目标"]["C2"].value == "全社会研发经费"


def test_docx_tables_become_lines_with_bars(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("2025年工作要点")
    table = document.add_table(rows=2, cols=3)
    for row, texts in enumerate((("指标", "单位", "目标值"), ("高新技术企业", "家", "600"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    path = tmp_path / "plan.docx"
    document.save(str(path))
    lines = open_document(path)
    assert lines[-1] == "高新技术企业 | 家 | 600"
    assert [(t.subject, t.value, t.unit) for t in read("\n".join(lines)).targets] == [("高新技术企业", 600, "家")]


def test_html_is_read_without_scripts(tmp_path: Path) -> None:
    path = tmp_path / "plan.html"
    path.write_text(
        "<html><script>var a=1</script><p>高新技术企业<b>达到</b>600家。</p><table><tr><td>指标</td><td>目标</td></tr></table>",  # noqa: E501
        encoding="utf-8",
    )
    assert open_document(path)[:2] == ["高新技术企业达到600家。", "指标 | 目标"]


def test_old_encodings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes("高新技术企业达到600家。".encode("gb18030"))
    assert open_document(path) == ["高新技术企业达到600家。"]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xyz", b"x", "不支持"),
        ("a.doc", b"x", "另存为"),
        ("a.docx", b"not a zip", "不是有效的 .docx"),
        ("a.pdf", b"not a pdf", "不是有效的 PDF"),
        ("a.txt", b"  \n ", "没有文字"),
        ("a.txt", b"\x00\x01\x02", "不是文本文件"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, name: str, data: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(PlanError, match=sentence):
        open_document(path)


def test_a_scanned_or_locked_pdf_is_refused(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    scanned = tmp_path / "scan.pdf"
    writer.write(str(scanned))
    with pytest.raises(PlanError, match="扫描件"):
        open_document(scanned)
    writer.encrypt("secret")
    locked = tmp_path / "locked.pdf"
    writer.write(str(locked))
    with pytest.raises(PlanError, match="密码"):
        open_document(locked)


def test_a_long_document_is_not_slower_than_linear() -> None:
    line = "力争高新技术企业达到600家以上、科技型中小企业800家，研发投入增长12%。"
    begin = time.perf_counter()
    assert len(read("\n".join([line] * 400)).targets) == 1200
    assert time.perf_counter() - begin < 5


def test_unnumbered_restarted_and_missing_numbers_keep_their_place() -> None:
    text = "2025年工作要点\n一、总体要求\n发展目标\n高企达到600家。"
    text += "\n二、任务\n1.新增平台3家。\n1.引进博士5名。\n四、保障\n（一）投入5亿元。"
    document = read(text)
    assert [clause.number for clause in document.clauses] == ["一", "二", "四"]
    assert [target.clause for target in document.targets][:3] == [["一", "发展目标"], ["二", "1"], ["二", "1"]]


def test_a_document_split_over_unnumbered_parts_nests_its_numbers() -> None:
    document = read(
        "2025年工作要点\n主要目标\n高企达到600家\n重点任务\n一、强主体\n新增高企50家。\n保障措施\n一、强投入\n培训5场。"
    )
    assert [clause.title for clause in document.clauses] == ["主要目标", "重点任务", "保障措施"]
    assert [target.clause for target in document.targets] == [["主要目标"], ["重点任务", "一"], ["保障措施", "一"]]
