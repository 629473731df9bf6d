"""Cutting a line at its citations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keji.modules.plan.views.marks import Mark, pieces, text_lines

MARKS = st.lists(
    st.builds(lambda s, n, t: Mark(1, s, s + n, target=t), st.integers(0, 22), st.integers(0, 9), st.integers(0, 4)),
    max_size=6,
)


@given(st.text("力争达到750家以上", max_size=20), MARKS)
def test_the_pieces_are_the_line_and_every_mark_inside_is_anchored_once(line, marks):
    found = pieces(line, marks)
    assert "".join(p.text for p in found) == line
    firsts = [p.mark for p in found if p.first]
    assert len(firsts) == len(set(firsts)) and set(firsts) <= set(marks)


def test_a_target_shows_before_a_left_out_figure_and_the_shorter_before_the_longer():
    line = "高企达到750家以上"
    whole, inner, out = Mark(1, 0, 10, target=1), Mark(1, 4, 8, target=2), Mark(1, 4, 7, note="条件")
    assert [(p.text, p.mark and p.mark.target) for p in pieces(line, [whole, inner, out])] == [
        ("高企达到", 1), ("750家", 2), ("以上", 1),
    ]  # fmt: skip
    assert [p.first for p in pieces(line, [whole, inner])] == [True, True, False]


def test_empty_lines_are_left_out_and_numbers_stay():
    assert [line.number for line in text_lines(["一", "", "三"], [], [3])] == [1, 3]
    assert text_lines(["一"], [Mark(1, 0, 99, target=1)])[0].pieces[0].mark is None
