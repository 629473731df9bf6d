"""Checking, cleaning and masking the codes a bureau meets: units, people, certificates, telephones.

A `check_…` function returns "" when the code is sound, else one Chinese sentence: what is wrong and what to do.
It never repairs: `clean_…` is a separate, visible step. Every check wants the text already cleaned, and says so.
"""

from __future__ import annotations

import re
from datetime import date

from keji.lib.width import drop_invisible, fold_width, upper_ascii

# GB 32100-2015: I, O, S, V and Z are not used, lest they be read as 1, 0, 5, U and 2.
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
USCC_LOOKALIKES = {"I": "数字 1", "O": "数字 0", "S": "数字 5", "V": "字母 U", "Z": "数字 2"}
# GB 11714 (组织机构代码) numbers all 26 letters, so here M is 22 while in GB 32100 it is 21.
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"

_SEPARATORS = re.compile(r"[\s\-_.·\u2010-\u2015]+")
_PHONE_SEPARATORS = re.compile(r"[\s()\-\u2010-\u2015]+")


def clean_code(text: str) -> str:
    """Full width to half width, lower to upper case, without spaces, separators or invisible characters."""
    return upper_ascii(_SEPARATORS.sub("", fold_width(drop_invisible(text))))


def clean_uscc(text: str) -> str:
    """A unified social credit code as typed or pasted → as it is stored. Letters are never guessed (O stays O)."""
    return clean_code(text)


def organisation_check(body8: str) -> str:
    """The check character of an 8-character 组织机构代码 by GB 11714. ValueError on other characters."""
    if not re.fullmatch(r"[0-9A-Z]{8}", body8):
        raise ValueError("组织机构代码本体必须是 8 位数字或大写字母。")
    total = sum(int(c, 36) * w for c, w in zip(body8, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def uscc_check(body17: str) -> str:
    """The 18th character for the first 17 by GB 32100. ValueError on letters outside the alphabet."""
    if len(body17) != 17 or any(c not in USCC_ALPHABET for c in body17):
        raise ValueError("统一社会信用代码本体必须是 17 位，且不含 I、O、S、V、Z。")
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(body17, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def make_uscc(body17: str) -> str:
    """A code that passes both checks, for demonstration data.

    `body17`: 16 characters (type 2, region 6, organisation body 8), or 17 of which the last is replaced by the right
    organisation check. Returns 18 characters. ValueError on another length or letter.
    """
    body16 = clean_uscc(body17)[:16]
    if len(body16) != 16 or len(body17) > 17:
        raise ValueError("请给出 16 位（或 17 位）本体。")
    body = body16 + organisation_check(body16[8:])
    return body + uscc_check(body)


def check_uscc(text: str) -> str:
    """ "" for a valid 统一社会信用代码 (GB 32100-2015 and, for characters 9–17, GB 11714), else what is wrong."""
    if not text:
        return "统一社会信用代码没有填写，请填写 18 位代码。"
    if text != clean_uscc(text):
        return "统一社会信用代码含有空格、全角或小写字符，请用半角大写、不留空格重新填写。"
    if problem := _uscc_characters(text):
        return problem
    if len(text) != 18:
        hint = (
            "这像是旧的组织机构代码或注册号，请换成执照上的 18 位代码" if len(text) in (9, 13, 15) else "请对照执照补正"
        )
        return f"统一社会信用代码应为 18 位，现在是 {len(text)} 位，{hint}。"
    if not text[2:8].isdigit():
        at = next(i for i in range(2, 8) if not text[i].isdigit())
        return f"统一社会信用代码第 {at + 1} 位是“{text[at]}”，第 3 至 8 位是行政区划，只能是数字，请对照执照改正。"
    if uscc_check(text[:17]) != text[17]:
        return f"统一社会信用代码“{text}”的校验位不对，多半有一位抄错，请对照执照逐位核对。"
    if organisation_check(text[8:16]) != text[16]:
        return f"统一社会信用代码“{text}”中第 9 至 17 位（主体标识码）的校验位不对，请对照执照逐位核对。"
    return ""


def _uscc_characters(text: str) -> str:
    for place, letter in enumerate(text, 1):
        if letter in USCC_LOOKALIKES:
            return (
                f"统一社会信用代码第 {place} 位是字母“{letter}”，代码里不用字母 I、O、S、V、Z，"
                f"请对照执照看是不是{USCC_LOOKALIKES[letter]}。"
            )
        if letter not in USCC_ALPHABET:
            return f"统一社会信用代码第 {place} 位是“{letter}”，只能用数字和大写字母，请改正。"
    return ""


def region_of_uscc(code: str) -> str:
    """The six-digit region that registered the unit (GB/T 2260, perhaps a retired one): not where it sits today."""
    return code[2:8]


def citizen_check(body17: str) -> str:
    """The 18th character of a 公民身份号码 by GB 11643-1999. ValueError unless 17 digits."""
    if not re.fullmatch(r"[0-9]{17}", body17):
        raise ValueError("身份证号本体必须是 17 位数字。")
    return CITIZEN_CHECKS[sum(int(c) * w for c, w in zip(body17, CITIZEN_WEIGHTS, strict=True)) % 11]


def check_citizen_id(text: str, *, on: date | None = None) -> str:
    """ "" for a valid 公民身份号码, else what is wrong. Retired regions are accepted (寿县 341521 left 六安 in 2015).

    `on`: the day it is checked; a birth date after it is refused. Messages never repeat the number: they are logged.
    """
    if not text:
        return "身份证号没有填写，请填写 18 位号码。"
    if text != clean_code(text):
        return "身份证号含有空格、全角或小写字符，请用半角、末位 X 大写重新填写。"
    if re.fullmatch(r"[0-9]{15}", text):
        return "这是 15 位的旧身份证号，请换成现在的 18 位号码。"
    if len(text) != 18:
        return f"身份证号应为 18 位，现在是 {len(text)} 位，请对照证件补正。"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        at = next(i for i, c in enumerate(text) if not c.isascii() or not c.isdigit())
        return f"身份证号第 {at + 1} 位不是数字（只有末位可以是 X），请对照证件改正。"
    birth = birth_of_citizen_id(text)
    if birth is None:
        return "身份证号第 7 至 14 位不是一个真实的出生日期，请对照证件改正。"
    if birth.year < 1900 or (on is not None and birth > on):
        return "身份证号里的出生日期不合情理，请对照证件改正。"
    if text[:2] not in _PROVINCES:
        return "身份证号前 2 位不是省份代码，请对照证件改正。"
    if citizen_check(text[:17]) != text[17]:
        return "身份证号的校验位不对，多半有一位抄错，请对照证件逐位核对。"
    return ""


_PROVINCES = frozenset(
    str(n)
    for n in (
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        71,
        81,
        82,
        83,
    )
)


def birth_of_citizen_id(text: str) -> date | None:
    """The birth date in characters 7–14, None when there is no such day."""
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None


def sex_of_citizen_id(text: str) -> str:
    """男 for an odd sequence number, 女 for an even one."""
    return "男" if int(text[16]) % 2 else "女"


def check_hnte_certificate(text: str, *, province: str = "34") -> str:
    """ "" for a 高新技术企业证书编号: GR + year + 2-digit province + 6 digits, as GR202434000123."""
    if not text:
        return "高企证书编号没有填写，请填写形如 GR202434000123 的编号。"
    if text != clean_code(text):
        return "高企证书编号含有空格、全角或小写字符，请用半角大写、不留空格重新填写。"
    if not text.startswith("GR"):
        return "高企证书编号应以 GR 开头，形如 GR202434000123，请对照证书改正。"
    if not re.fullmatch(r"GR[0-9]{12}", text):
        return f"高企证书编号是 GR 加 12 位数字，现在 GR 之后是“{text[2:]}”（{len(text) - 2} 位），请对照证书改正。"
    if not 2008 <= int(text[2:6]) <= 2099:
        return f"高企证书编号里的年份是 {text[2:6]}，高企认定自 2008 年开始，请对照证书改正。"
    if province and text[6:8] != province:
        return f"高企证书编号第 7、8 位是“{text[6:8]}”，本省证书应为“{province}”，外省证书请先办迁移备案。"
    return ""


def check_sme_number(text: str) -> str:
    """ "" for a plausible 科技型中小企业入库登记编号.

    Only the shape is checked (year, region, one letter or digit, seven digits): the meaning of position 11 is not
    published in any source read, so nothing may be derived from it.
    """
    if not text:
        return "入库登记编号没有填写，请填写 18 位编号。"
    if text != clean_code(text):
        return "入库登记编号含有空格、全角或小写字符，请用半角大写、不留空格重新填写。"
    if len(text) != 18:
        return f"入库登记编号应为 18 位，现在是 {len(text)} 位，请对照入库公告改正。"
    if not re.fullmatch(r"20[0-9]{8}[0-9A-Z][0-9]{7}", text):
        return "入库登记编号应是年份 4 位、行政区划 6 位、1 位数字或字母、再加 7 位数字，请对照入库公告改正。"
    return ""


def clean_phone(text: str) -> str:
    """A telephone as typed → digits only (an extension after 转 as 转n); +86 and 0086 dropped."""
    text = _PHONE_SEPARATORS.sub("", fold_width(drop_invisible(text)))
    text = re.sub(r"^(?:\+|00)86", "", text)
    return re.sub(r"(?:转|ext\.?|#)(?=[0-9]+$)", "转", text, flags=re.IGNORECASE)


def check_phone(text: str) -> str:
    """ "" for a mainland mobile (11 digits) or a landline with its area code, else what is wrong. Wants it cleaned."""
    if not text:
        return "电话没有填写，请填写手机号或带区号的固定电话。"
    if text != clean_phone(text):
        return "电话含有空格、括号或短横，请只写数字重新填写。"
    number = text.partition("转")[0]
    if not (number.isascii() and number.isdigit()):
        return f"电话“{text}”里有不是数字的字符，请只写一个号码。"
    if number.startswith("1") and len(number) == 11:
        return "" if number[1] in "3456789" else "手机号第 2 位应为 3 至 9，请核对。"
    if number.startswith("1"):
        return f"手机号应为 11 位，现在是 {len(number)} 位，请补正。"
    if number.startswith("0"):
        return "" if 10 <= len(number) <= 12 else f"固定电话连区号应为 10 至 12 位，现在是 {len(number)} 位，请补正。"
    if len(number) == 10 and number[:3] in ("400", "800"):
        return ""
    return "固定电话请写上区号，例如 0564-3370000 写成 05643370000。"


def mask(text: str, *, head: int, tail: int) -> str:
    """The middle as stars. When nothing would stay hidden everything is: a short text must not leak."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_citizen_id(text: str) -> str:
    """341503********0013: region and last four; the birth date is hidden."""
    return mask(text, head=6, tail=4)


def mask_phone(text: str) -> str:
    """138****5678; a landline keeps its area code and last two digits."""
    return mask(text, head=3, tail=4) if text.startswith("1") else mask(text, head=4, tail=2)


def mask_bank_card(text: str) -> str:
    """Only the last four digits."""
    return mask(text, head=0, tail=4)


def mask_name(text: str) -> str:
    """王**: the surname of two characters (欧阳) is not told apart, so one character is kept."""
    return mask(text, head=1, tail=0)


def mask_email(text: str) -> str:
    """z***@example.cn: the host tells little, the name in front of it everything."""
    name, _, host = text.partition("@")
    return f"{name[:1] if len(name) > 1 else ''}***@{host}"


def mask_personal(text: str) -> str:
    """Personal data of a kind only its look tells: an e-mail address, a number, or else a name."""
    if "@" in text:
        return mask_email(text)
    return mask_phone(text) if any(c.isdecimal() for c in text) else mask_name(text)
