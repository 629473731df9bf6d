"""Likeness of Chinese texts: copied, reworded, unrelated; and what holds for any text."""

import random
import time
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from keji.lib.likeness import Index, passages, plain, shingles

FIRST = "面向山区茶园的智能采摘机器人关键技术研究。研究茶树嫩芽识别算法和柔性采摘末端执行器，研制样机并在霍山示范。"
COPIED = "茶园智能采摘机器人研发与示范。研究茶树嫩芽识别算法和柔性采摘末端执行器，研制样机并在金寨示范应用。"
OTHER = "高强度铝合金汽车底盘件挤压铸造工艺研究，开发真空压铸模具，建立中试生产线，实现批量配套。"
THIRD = Fraction(3, 10)


def test_a_copied_proposal_is_found_and_an_unrelated_one_is_not():
    found = Index({"XM-1": COPIED, "XM-2": OTHER}).like(FIRST, least=THIRD)
    assert [hit.key for hit in found] == ["XM-1"]
    assert found[0].share > Fraction(1, 2)


def test_the_matching_passages_are_shown_as_they_are_written():
    assert "研究茶树嫩芽识别算法和柔性采摘末端执行器，研制样机并在" in passages(FIRST, COPIED)


def test_width_case_spaces_and_punctuation_do_not_hide_a_copy():
    dressed = FIRST.replace("。", " . ").replace("研究", "研 究")
    assert Index({1: dressed}).like(FIRST, least=Fraction(1))[0].jaccard == 1


def test_a_short_title_is_not_said_to_be_contained():
    assert Index({1: "茶园机器人"}).like(FIRST, least=THIRD) == []


def test_phrases_everybody_writes_do_not_make_texts_alike():
    chance = random.Random(1)
    phrase = "本项目针对产业发展的重大需求开展关键核心技术攻关并进行示范推广应用具有良好的经济社会效益"
    texts = {n: phrase + "".join(chance.choice(FIRST + OTHER) for _ in range(30)) for n in range(60)}
    assert Index(texts).like(phrase + OTHER, least=THIRD) == []


def test_five_thousand_projects_are_compared_in_seconds():
    chance = random.Random(7)
    letters = [chr(0x4E00 + n) for n in range(3000)]
    texts = {n: "".join(chance.choices(letters, k=400)) for n in range(5000)}
    started = time.perf_counter()
    index = Index(texts)
    found = [index.like(texts[n], least=THIRD, leave_out=[n]) for n in range(200)]
    assert found == [[]] * 200
    assert time.perf_counter() - started < 8


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_never_more_than_whole(one, two):
    there, back = Index({0: two}).like(one, least=Fraction(0)), Index({0: one}).like(two, least=Fraction(0))
    assert [h.share for h in there] == [h.share for h in back]
    assert all(0 <= h.jaccard <= h.share <= 1 for h in there)
    assert all(plain(p) in plain(two) for p in passages(one, two, least=2))


@given(st.text(min_size=1, max_size=80))
def test_a_text_is_wholly_like_itself(text):
    if plain(text):
        assert Index({0: text}).like(text, least=Fraction(1))[0].jaccard == 1
    assert len(shingles(text)) <= max(1, len(plain(text)))
