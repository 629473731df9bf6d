"""Cells as counties really fill them: cleaned when there is one reading, refused with a sentence when there is not."""

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib import cells
from keji.lib.cells import CellError


def refusal(clean, value, **options):
    with pytest.raises(CellError) as caught:
        clean(value, **options)
    assert caught.value.message.endswith("。")
    return caught.value.message


def test_text_is_trimmed_of_full_width_spaces_and_invisible_characters():
    assert cells.text("\u3000安徽\u200b应流　机电 \xa0股份\ufeff ") == "安徽应流 机电 股份"
    assert cells.text("第一行\r\n第二行_x000D_\n 第三行") == "第一行 第二行 第三行"
    assert cells.text("第一行\r\n 第二行", multiline=True) == "第一行\n第二行"
    assert cells.text("a\x00b\x07") == "ab"
    assert cells.text("，全角标点不变（是）") == "，全角标点不变（是）"
    assert cells.text(None) == cells.text(" \u3000\u200b") == ""


def test_text_reads_back_what_our_own_export_neutralised():
    assert cells.text("'=1+1") == "=1+1"
    assert cells.text("'单引号") == "'单引号"


def test_a_number_in_a_text_column_gives_its_digits_unless_excel_lost_some():
    assert cells.text(5643370000.0) == "5643370000"
    assert cells.text(12.5) == "12.5"
    assert cells.text(True) == "是"
    assert cells.text(datetime(2024, 3, 5)) == "2024-03-05"
    assert "已经丢失" in refusal(cells.text, 341503199001010013)
    assert "文本" in refusal(cells.code, 3.4150319900101e17)


def test_codes_lose_every_space_and_full_width_form():
    assert cells.code(" ９１ 3415 03MA8N12A31C\n") == "91341503MA8N12A31C"
    assert cells.code(34150.0) == "34150"
    assert "存成了日期" in refusal(cells.code, datetime(2024, 3, 5))
    assert "小数" in refusal(cells.code, 12.5)
    assert "有限" in refusal(cells.code, float("nan"))
    assert "有限" in refusal(cells.code, float("-inf"))


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (24.15, "", "24.15"),
        (0.1 + 0.2, "", "0.3"),
        (7, "", "7"),
        ("１，２００．５", "", "1200.5"),
        ("1,234,567", "", "1234567"),
        (" -3.50 ", "", "-3.50"),
        ("－４", "", "-4"),
        ("−4", "", "-4"),
        ("+4", "", "4"),
        (".5", "", "0.5"),
        ("120万元", "万元", "120"),
        ("120万", "万元", "120"),
        ("1.2亿元", "万元", "12000"),
        ("35,000元", "万元", "3.5"),
        ("2500", "万元", "2500"),
        ("15.6%", "%", "15.6"),
        ("１５．６％", "%", "15.6"),
        ("5 家", "家", "5"),
        ("1.2万家", "家", "12000"),
        ("0.6千元", "元", "600"),
    ],
)
def test_numbers_are_read_exactly_in_the_unit_of_their_column(value, unit, expected):
    assert cells.decimal(value, unit=unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("120万元", "", "没有约定单位"),
        ("120美元", "万元", "本列单位是“万元”"),
        ("15.6%", "万元", "本列单位是“万元”"),
        ("1.2万", "%", "本列单位是“%”"),
        ("1,23", "", "千分位"),
        ("12,34,567", "", "千分位"),
        ("1.2E+05", "", "科学计数法"),
        ("—", "", "留空"),
        ("无", "", "留空"),
        ("约5", "", "请只写数字"),
        ("5家以上", "家", "单位不对"),
        ("1.2.3", "", "不对|没有约定|不是数字"),
        ("三百", "", "不是数字"),
        ("①", "", "不是数字"),
        ("٣", "", "不是数字"),
        ("9" * 41, "", "不是数字"),
        (True, "", "不是数字"),
        (datetime(2024, 3, 5), "", "不是数字"),
        (float("nan"), "", "有限"),
        (float("inf"), "", "有限"),
        ("#DIV/0!", "", "公式错误 #DIV/0!"),
    ],
)
def test_what_is_not_one_number_is_refused_with_a_sentence(value, unit, words):
    message = refusal(cells.decimal, value, unit=unit)
    assert any(word in message for word in words.split("|"))


def test_integers_are_never_rounded():
    assert cells.integer("1,350") == 1350
    assert cells.integer(5.0) == 5
    assert cells.integer("2.5万", unit="家") == 25000
    assert cells.integer("") is None
    assert "不是整数" in refusal(cells.integer, 5.5)
    assert "不是整数" in refusal(cells.integer, "5.5")


@pytest.mark.parametrize(
    "value",
    [
        "2024-3-5",
        "2024/03/05",
        "2024.3.5",
        "2024年3月5日",
        "2024 年 3 月 5 号",
        "20240305",
        "２０２４－０３－０５",
        "２０２４年３月５日",
        " 2024-03-05 08:30:00",
        "2024-03-05T08:30",
        20240305.0,
        45356.0,
        45356.5,
        45356,
        date(2024, 3, 5),
        datetime(2024, 3, 5, 8, 30),
    ],
)
def test_many_spellings_of_a_day_are_the_same_day(value):
    assert cells.day(value) == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2024-2-30", "“2024-2-30”不是有效日期，请写成 2024-02-28 这样的形式（2024年2月只有 29 天）。"),
        ("2023-2-29", "只有 28 天"),
        ("2024-13-1", "没有 13 月"),
        ("20241301", "没有 13 月"),
        ("1024-1-1", "不合情理"),
        ("2024-3", "缺少月或日"),
        ("2024年3月", "缺少月或日"),
        (2024.3, "缺少月或日"),
        (2024.0, "缺少月或日"),
        ("2024", "缺少月或日"),
        ("3/5/2024", "分不清年月日"),
        ("24-3-5", "分不清年月日"),
        ("45356", "日期序号"),
        ("2024-3/5", "不是日期"),
        ("年底前", "不是日期"),
        (7.0, "不是日期"),
        (clock_time(8, 30), "不是日期"),
        (timedelta(days=1), "不是日期"),
        (True, "不是日期"),
        ("#N/A", "公式错误"),
    ],
)
def test_a_day_that_would_be_a_guess_is_refused(value, words):
    assert words in refusal(cells.day, value)


def test_yes_and_no_have_many_marks_and_blank_is_neither():
    assert all(cells.yes_no(v) is True for v in ("是", " √", "✔", "Ｙ", "yes", "有", 1, 1.0, True))
    assert all(cells.yes_no(v) is False for v in ("否", "×", "n", "No", "无", 0, False))
    assert cells.yes_no("") is None
    assert "请填“是”或“否”" in refusal(cells.yes_no, "可能")
    assert "请填“是”或“否”" in refusal(cells.yes_no, 2)


COUNTIES = [("341502", "金安区"), ("341503", "裕安区"), ("341522", "霍邱县"), ("341525", "霍山县")]


def test_a_choice_is_found_by_its_label_whatever_the_spaces_and_width():
    assert cells.choice(" 金 安区", COUNTIES) == "341502"
    assert cells.choice("ａ类（甲）", {"a": "A类(甲)"}) == "a"
    assert cells.choice("重点", ["重点", "一般"]) == "重点"
    assert cells.choice("", COUNTIES) is None


def test_an_unknown_choice_suggests_near_ones_or_lists_them():
    assert "是不是“霍山县”" in refusal(cells.choice, "霍山", choices=COUNTIES)
    assert "“霍邱县”" in refusal(cells.choice, "霍丘县", choices=COUNTIES)
    assert "可选：金安区、裕安区、霍邱县、霍山县" in refusal(cells.choice, "合肥", choices=COUNTIES)
    many = [f"选项{chr(0x4E00 + i)}" for i in range(20)]
    assert "等。" in refusal(cells.choice, "完全不同的话", choices=many)


def test_labels_that_cannot_be_told_apart_are_a_slip_of_the_programmer():
    with pytest.raises(ValueError, match="read the same"):
        cells.choice("A类", {"a": "A类", "b": "Ａ 类"})


def test_each_kind_of_column_uses_its_own_cleaning():
    assert cells.clean(" a ", "text") == "a"
    assert cells.clean(" a b", "code") == "ab"
    assert cells.clean("5", "integer") == 5
    assert cells.clean("5%", "decimal", unit="%") == 5
    assert cells.clean("2024.3.5", "date") == date(2024, 3, 5)
    assert cells.clean("是", "yes_no") is True
    assert cells.clean("霍山县", "choice", choices=COUNTIES) == "341525"
    with pytest.raises(ValueError):
        cells.clean("a", "colour")


ANYTHING = (
    st.text(max_size=30)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.none()
    | st.decimals()
)


@given(ANYTHING, st.sampled_from(cells.KINDS), st.sampled_from(["", "万元", "%", "家"]))
def test_any_cell_gives_a_value_or_a_sentence_never_a_crash(value, kind, unit):
    try:
        cells.clean(value, kind, unit=unit, choices=COUNTIES)
    except CellError as problem:
        assert problem.message.endswith("。")
        assert len(problem.message) < 200


@given(st.decimals(-(10**9), 10**9, places=2))
def test_a_number_survives_being_stored_as_float_and_as_grouped_text(number):
    assert cells.decimal(float(number)) == number
    assert cells.decimal(f"{number:,}") == number


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_from_its_spellings_and_its_serial(day):
    for spelling in (f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}"):
        assert cells.day(spelling) == day
    assert cells.day(float((day - cells.SERIAL_ORIGIN).days)) == day


@given(st.text(max_size=30))
def test_cleaned_text_is_clean(text):
    once = cells.text(text) if text.strip() not in cells._EXCEL_ERRORS else ""
    assert "\x00" not in once
    assert once == once.strip()
