"""发文字号: read as people type it, written as the standard asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.paper.model import PaperError
from keji.lib.paper.number import DocumentNumber, is_standard, parse


@pytest.mark.parametrize(
    "text",
    [
        "六科〔2024〕5号",
        "六科[2024]5号",
        "六科（2024）第5号",
        "六科【2024】005号",
        " 六科 ［2024年］ 5 号 ",
        "六科〔２０２４〕５号",
    ],
)
def test_any_way_of_typing_a_number_is_understood(text: str) -> None:
    assert str(parse(text)) == "六科〔2024〕5号"


@pytest.mark.parametrize(
    "text", ["", "六科2024-5", "〔2024〕5号", "六科〔24〕5号", "六科〔2024〕0号", "六科〔2024〕号", "六科〔2024〕5号文"]
)
def test_what_is_no_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(PaperError, match="。$"):
        parse(text)


def test_only_the_exact_form_is_standard() -> None:
    assert is_standard("六科通〔2024〕12号")
    assert not is_standard("六科通〔2024〕012号")
    assert not is_standard("六科通[2024]12号")


@given(st.sampled_from(("六科", "六科通", "皖科规")), st.integers(1949, 2100), st.integers(1, 99999))
def test_writing_and_reading_are_inverse(mark: str, year: int, serial: int) -> None:
    number = DocumentNumber(mark, year, serial)
    assert parse(str(number)) == number


def test_numbers_sort_by_year_and_serial() -> None:
    assert sorted([parse("六科〔2024〕10号"), parse("六科〔2024〕9号")])[0].serial == 9
