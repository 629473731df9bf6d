"""Boxes that take several things at once, a line each."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms

from keji.desk.fields import LinesField, lines_of, parts_of, plain, within


def test_a_box_of_lines_is_read_line_by_line_and_each_line_once():
    assert LinesField().clean("先进制造\n\n　先进　制造 \n先进制造\r\n茶叶") == ["先进制造", "先进 制造", "茶叶"]
    assert LinesField(required=False).clean("") == []


def test_what_is_pasted_from_a_sheet_keeps_its_parts():
    assert [parts_of(line) for line in lines_of("甲\t30，说明\n乙｜20")] == [["甲", "30", "说明"], ["乙", "20"]]


def test_a_part_that_is_too_long_is_named_by_its_line_and_not_cut():
    assert within("二字", 2, "名称", 1) == "二字"
    with pytest.raises(forms.ValidationError, match="第 3 行的名称最多 2 字，现有 3 字"):
        within("三个字", 2, "名称", 3)


def test_a_number_is_shown_as_it_was_typed():
    assert [plain(Decimal(text)) for text in ("12.50", "100.00", "0")] == [Decimal("12.5"), Decimal("100"), Decimal(0)]
    assert [str(plain(Decimal("100.00"))), plain("12.50")] == ["100", "12.50"]
