"""Codes of units, people and certificates: published vectors, clear sentences, and laws of the check characters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib import codes

VALID = ["91350100M000100Y43", "9144030071526726XG", "91330100799655058B", "91341503783012349K", "91341503MA8N12A31C"]


@pytest.mark.parametrize("code", VALID)
def test_real_and_worked_unit_codes_pass(code):
    assert codes.check_uscc(code) == ""
    assert codes.organisation_check(code[8:16]) == code[16]
    assert codes.uscc_check(code[:17]) == code[17]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("91341503MA8N12A31D", "校验位不对"),
        ("91341503MA8N12A3IC", "第 17 位是字母“I”"),
        ("91341503MA8N12A31", "现在是 17 位"),
        ("91341503MA8N12A31CC", "现在是 19 位"),
        ("783012349", "旧的组织机构代码"),
        ("9134150OMA8N12A31C", "第 8 位是字母“O”，代码里不用字母 I、O、S、V、Z，请对照执照看是不是数字 0"),
        ("91341503MA8N12A31c", "小写"),
        ("９1341503MA8N12A31C", "全角"),
        ("91341503 MA8N12A31C", "空格"),
        ("91341503MA8N12A31甲", "第 18 位是“甲”"),
        ("9134A503MA8N12A31C", "第 5 位是“A”"),
        ("", "没有填写"),
    ],
)
def test_a_wrong_unit_code_is_told_what_and_where(code, words):
    problem = codes.check_uscc(code)
    assert words in problem
    assert problem.endswith("。")


def test_the_inner_organisation_check_is_verified_too():
    body = "91341503MA8N12A30"  # the organisation check should be 1
    code = body + codes.uscc_check(body)
    assert "主体标识码" in codes.check_uscc(code)


def test_pasted_unit_codes_are_cleaned_but_letters_are_never_guessed():
    assert codes.clean_uscc(" ９１３４１５０３ｍａ8n 12a3-1c\u200b") == "91341503MA8N12A31C"
    assert codes.clean_uscc("9134150OMA8N12A31C") == "9134150OMA8N12A31C"


def test_the_region_that_registered_a_unit_can_be_read_off():
    assert codes.region_of_uscc("91341503MA8N12A31C") == "341503"


def test_demonstration_codes_are_valid_and_bad_bodies_refused():
    assert codes.make_uscc("91341503MA8N12A3") == "91341503MA8N12A31C"
    assert codes.make_uscc("91341503MA8N12A3X") == "91341503MA8N12A31C"
    for bad in ("9134", "91341503MA8N12AI", "91341503MA8N12A31C9"):
        with pytest.raises(ValueError):
            codes.make_uscc(bad)


ALPHABET = st.sampled_from(codes.USCC_ALPHABET)
BODIES = st.builds(
    lambda region, body: "91" + region + body,
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.lists(ALPHABET, min_size=8, max_size=8).map("".join),
)


@given(BODIES)
def test_every_made_code_passes(body):
    assert codes.check_uscc(codes.make_uscc(body)) == ""


@given(BODIES, st.integers(0, 17), ALPHABET)
def test_any_single_wrong_character_is_noticed(body, place, letter):
    code = codes.make_uscc(body)
    if code[place] != letter:
        assert codes.check_uscc(code[:place] + letter + code[place + 1 :])


@given(BODIES, st.integers(0, 16))
def test_any_swap_of_neighbours_is_noticed(body, place):
    code = codes.make_uscc(body)
    if code[place] != code[place + 1]:
        assert codes.check_uscc(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(st.text(max_size=25))
def test_checks_never_crash_and_cleaning_is_stable(text):
    for clean, check in [
        (codes.clean_uscc, codes.check_uscc),
        (codes.clean_code, codes.check_citizen_id),
        (codes.clean_code, codes.check_hnte_certificate),
        (codes.clean_code, codes.check_sme_number),
        (codes.clean_phone, codes.check_phone),
    ]:
        assert isinstance(check(text), str)
        assert isinstance(check(clean(text)), str)
    assert codes.clean_code(codes.clean_code(text)) == codes.clean_code(text)


@pytest.mark.parametrize(
    "number", ["341503199001010013", "11010519491231002X", "341504200002290020", "341521198506061236"]
)
def test_valid_citizen_numbers_pass_even_from_a_region_that_moved_away(number):
    assert codes.check_citizen_id(number, on=date(2026, 1, 1)) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("341503199002300011", "出生日期"),
        ("341504200102290020", "出生日期"),  # 2001 was no leap year
        ("341503199001010014", "校验位不对"),
        ("11010519491231002x", "小写"),
        ("34150319900101001", "17 位"),
        ("341503900101001", "15 位的旧身份证号"),
        ("34150319900101X013", "第 15 位不是数字"),
        ("991503199001010013", "省份代码"),
        ("", "没有填写"),
    ],
)
def test_a_wrong_citizen_number_is_explained_without_repeating_it(number, words):
    problem = codes.check_citizen_id(number)
    assert words in problem
    assert not number or number not in problem


def test_a_birth_date_in_the_future_is_refused():
    assert "不合情理" in codes.check_citizen_id("341503199001010013", on=date(1989, 1, 1))


def test_birth_and_sex_are_read_from_a_citizen_number():
    assert codes.birth_of_citizen_id("341504200002290020") == date(2000, 2, 29)
    assert codes.sex_of_citizen_id("341503199001010013") == "男"
    assert codes.sex_of_citizen_id("341504200002290020") == "女"


def test_a_high_tech_certificate_number_has_its_shape():
    assert codes.check_hnte_certificate("GR202434000123") == ""
    assert codes.check_hnte_certificate("GR202432000123", province="") == ""
    assert "外省" in codes.check_hnte_certificate("GR202432000123")
    assert "11 位" in codes.check_hnte_certificate("GR20243400012")
    assert "2008" in codes.check_hnte_certificate("GR199934000123")
    assert "GR 开头" in codes.check_hnte_certificate("202434000123")
    assert "小写" in codes.check_hnte_certificate("gr202434000123")


def test_a_tech_sme_number_is_opaque_beyond_its_shape():
    assert codes.check_sme_number("202434150308000123") == ""
    assert codes.check_sme_number("2024341503A8000123") == ""
    assert "18 位" in codes.check_sme_number("2024341503A800012")
    assert "行政区划" in codes.check_sme_number("2024341503A80001A3")


@pytest.mark.parametrize(
    "phone", ["138 0056 4321", "+86 138-0056-4321", "０５６４－３３７００００", "(0564)3370000", "4001234567"]
)
def test_telephones_pass_once_cleaned(phone):
    assert codes.check_phone(codes.clean_phone(phone)) == ""


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("3370000", "区号"),
        ("1380056432", "10 位"),
        ("12000564321", "第 2 位"),
        ("138 00564321", "空格"),
        ("甲", "不是数字"),
    ],
)
def test_a_wrong_telephone_is_explained(phone, words):
    assert words in codes.check_phone(phone)


def test_personal_data_is_masked_and_short_text_never_leaks():
    assert codes.mask_citizen_id("341503199001010013") == "341503********0013"
    assert codes.mask_phone("13800564321") == "138****4321"
    assert codes.mask_phone("05643370000") == "0564*****00"
    assert codes.mask_bank_card("6222021234567890123") == "***************0123"
    assert codes.mask_name("王小明") == "王**"
    assert codes.mask("1234", head=2, tail=2) == "****"
    assert codes.mask("", head=2, tail=2) == ""
