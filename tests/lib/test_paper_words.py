"""Typed words made fit for an official paper."""

import pytest

from keji.lib.paper.words import official


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("企业,场地", "企业，场地"),
        ("12,345家", "12,345家"),
        ("完成(含续建)任务", "完成（含续建）任务"),
        ("比为1:2", "比为1:2"),
    ],
)
def test_punctuation_beside_chinese_becomes_full_width(typed, printed):
    assert official(typed) == printed
