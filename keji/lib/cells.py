"""One spreadsheet cell → one typed value, or a sentence that says what is wrong. Nothing is guessed.

Input is what a reader of .xlsx hands over: str, float, int, bool, date, datetime, None. A blank cell gives None (text:
""); unknown stays unknown. Excel keeps 15 significant digits: floats are read at that precision, as exact Decimals.
"""

from __future__ import annotations

import difflib
import math
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from keji.lib.width import drop_invisible, fold_width

KINDS = ("text", "code", "integer", "decimal", "date", "yes_no", "choice")

EXAMPLE_DATE = "2024-02-28"
SHOWN_CHARACTERS = 24  # of a faulty value, in a sentence
SHOWN_CHOICES = 8
EXACT_DIGITS = 15  # Excel's own precision: further digits of a number cell were lost before we saw it
LONGEST_NUMBER = 40  # characters; no figure of a city is longer
SERIAL_ORIGIN = date(1899, 12, 30)  # day 0 of Excel's calendar, for days after its false 29 February 1900
SERIALS = range(18264, 73416)  # 1950-01-01 … 2100-12-31

_FORMULA_LEADS = "=+-@\t\r"
_CONTROL = dict.fromkeys([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_MONEY = {"元": 0, "千元": 3, "万元": 4, "百万元": 6, "千万元": 7, "亿元": 8}  # powers of ten
_SCALES = {"": 0, "万": 4, "亿": 8}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)\s*(\D*)")
_DATE = re.compile(r"(\d{4})(?:\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号])")
_TIME = re.compile(r"(.+?)(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_EXCEL_ERRORS = (
    "#N/A",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
)
_YES = frozenset(["是", "√", "✓", "✔", "☑", "有", "对", "y", "yes", "true", "1"])
_NO = frozenset(["否", "×", "✗", "✘", "无", "错", "不是", "没有", "n", "no", "false", "0"])


class CellError(ValueError):
    """What is wrong with one cell and what to write instead: a Chinese sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def is_blank(value: object) -> bool:
    """None, "" or text of spaces and invisible characters only."""
    if not isinstance(value, str):
        return value is None
    # Printable text has no invisible characters, so most cells need no second look.
    return not value.strip() if value.isprintable() else not drop_invisible(value).translate(_CONTROL).strip()


def quoted(value: object) -> str:
    """A value as it is repeated in a sentence: in Chinese quotes, cut when long."""
    shown = " ".join(str(value).split())
    return f"“{shown}”" if len(shown) <= SHOWN_CHARACTERS else f"“{shown[:SHOWN_CHARACTERS]}…”"


def _refuse_excel_error(value: object) -> None:
    if isinstance(value, str) and value.strip() in _EXCEL_ERRORS:
        raise CellError(f"这一格是公式错误 {value.strip()}，请改正公式，或直接填写结果。")


def text(value: object, *, multiline: bool = False) -> str:
    """Trimmed text; "" for a blank cell.

    Full-width spaces become plain ones, invisible and control characters go (the database refuses NUL), runs of spaces
    and (unless `multiline`) line breaks become one space. The apostrophe our own exports put before = + - @ is taken
    off. A number cell gives its digits; CellError when it has more digits than Excel keeps.
    """
    if isinstance(value, str) and _is_plain(value):
        return value
    _refuse_excel_error(value)
    if is_blank(value):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return _digits(value)
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    plain = str(value).replace("_x000D_", "\n").replace("\r\n", "\n").replace("\r", "\n")
    plain = drop_invisible(plain).replace("\u3000", " ").replace("\xa0", " ").translate(_CONTROL)
    lines = [" ".join(line.split()) for line in plain.split("\n")]
    cleaned = ("\n" if multiline else " ").join(lines).strip()
    if not multiline:
        cleaned = " ".join(cleaned.split())
    return cleaned[1:] if len(cleaned) > 1 and cleaned[0] == "'" and cleaned[1] in _FORMULA_LEADS else cleaned


def _is_plain(value: str) -> bool:
    """Nothing in it that `text` would change: nine cells in ten, so worth asking first."""
    return (
        value.isprintable()  # false for every space but U+0020, for control and for invisible characters
        and value[:1] not in ("", " ", "'", "#")
        and value[-1] != " "
        and "  " not in value
        and "_x000D_" not in value
    )


def _digits(value: int | float | Decimal) -> str:
    number = _exact(value)
    whole = number == number.to_integral_value()
    if isinstance(value, int | float) and abs(number) >= 10**EXACT_DIGITS:
        raise CellError(
            f"这一格存成了数字，Excel 只保留 {EXACT_DIGITS} 位，后面的位数已经丢失；请把整列设为“文本”格式后重新填写。"
        )
    return str(int(number)) if whole else f"{number:f}"


def code(value: object) -> str:
    """An identifier: text without any space, letters and digits in half width; "" for a blank cell.

    CellError for what Excel turned into a date or a fraction: the code that was typed is gone.
    """
    if isinstance(value, date | time | timedelta):
        raise CellError("这一格被 Excel 存成了日期，原来的编号已经丢失；请把整列设为“文本”格式后重新填写。")
    if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        raise CellError(f"{quoted(value)}是小数，不是编号；请把整列设为“文本”格式后重新填写。")
    return "".join(fold_width(text(value)).split())


def _exact(value: int | float | Decimal) -> Decimal:
    if isinstance(value, float):
        # 0.1+0.2 computed in a sheet is stored as 0.30000000000000004 and shown as 0.3: fifteen digits were meant.
        value = Decimal(f"{value:.{EXACT_DIGITS}g}")
    number = Decimal(value)
    if not number.is_finite():
        raise CellError("这一格不是一个有限的数字，请重新填写。")
    return number


def decimal(value: object, *, unit: str = "") -> Decimal | None:
    """An exact number in the column's unit; None for a blank cell.

    Accepts full-width digits, well-placed thousands separators and numbers stored as text. A suffix is read only when
    the column declares a unit: with 万元, "1.2亿元" is 12000 and "120万" 120; with 家, "5家" is 5; with %, "15.6%" is
    15.6. A number cell shown as a percentage arrives here as 0.156 and is not scaled: the reader knows its format.
    """
    _refuse_excel_error(value)
    if is_blank(value):
        return None
    if isinstance(value, bool | date | time | timedelta):
        raise CellError(f"{quoted(value)}不是数字，请只写数字，例如 1200 或 12.5。")
    if isinstance(value, int | float | Decimal):
        return _exact(value)
    shown = text(value)
    plain = fold_width(shown).replace("−", "-").replace("，", ",").strip()
    match = _NUMBER.fullmatch(plain) if len(plain) <= LONGEST_NUMBER and plain.isprintable() else None
    if match is None or not match[2].isascii():
        raise CellError(_not_a_number(shown, plain))
    number = Decimal(match[2].replace(",", "").rstrip("."))
    return (-number if match[1] == "-" else number).scaleb(_shift(match[3].strip(), unit, shown)) + 0


def _not_a_number(shown: str, plain: str) -> str:
    if re.fullmatch(r"[-—–―/\\无暂缺]+|暂无|没有|N/?A", plain, re.IGNORECASE):
        return f"{quoted(shown)}不是数字；没有数据请留空，确实是零请写 0。"
    if re.fullmatch(r"[+-]?[\d,]+(\.\d+)?\D*", plain) and "," in plain:
        return f"{quoted(shown)}的千分位逗号位置不对，请去掉逗号重新填写。"
    if re.fullmatch(r"[+-]?\d+(\.\d+)?E[+-]?\d+", plain, re.IGNORECASE):
        return f"{quoted(shown)}是科学计数法，位数可能已经丢失，请写出完整的数字。"
    return f"{quoted(shown)}不是数字，请只写数字，例如 1200 或 12.5。"


def _shift(suffix: str, unit: str, shown: str) -> int:
    """How many decimal places a written unit moves the number against the column's. CellError when it does not fit."""
    if suffix in ("", unit):
        return 0
    if not unit:
        raise CellError(f"{quoted(shown)}带有“{suffix}”，本列没有约定单位，请只写数字。")
    if unit in _MONEY:
        written = _MONEY.get(suffix if suffix.endswith("元") else suffix + "元")
        if written is not None:
            return written - _MONEY[unit]
    elif unit not in ("%", "个百分点"):
        scale = suffix.removesuffix(unit)
        if scale in _SCALES:
            return _SCALES[scale]
    raise CellError(f"{quoted(shown)}的单位不对，本列单位是“{unit}”，请换算后只写数字。")


def integer(value: object, *, unit: str = "") -> int | None:
    """A whole number in the column's unit; None for a blank cell. 5.0 is whole, 5.5 is refused, never rounded."""
    number = decimal(value, unit=unit)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise CellError(f"{quoted(value)}不是整数，请写整数。")
    return int(number)


def day(value: object) -> date | None:
    """A date; None for a blank cell.

    Accepts date cells, 2024-3-5, 2024/03/05, 2024.3.5, 2024年3月5日(号), 20240305, each in full width or with a time of
    day behind (dropped), and the serial number of a date cell that lost its format. Two-digit years, dates without a
    day and day-first spellings are refused: which number is the month would be a guess.
    """
    _refuse_excel_error(value)
    if is_blank(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool | time | timedelta):
        raise CellError(f"{quoted(value)}不是日期，请写成 {EXAMPLE_DATE} 这样的形式。")
    if isinstance(value, int | float | Decimal):
        return _day_of_number(value)
    shown = text(value)
    plain = fold_width(shown)
    with_time = _TIME.fullmatch(plain)
    plain = with_time[1] if with_time else plain
    if match := _DATE.fullmatch(plain):
        year, month, in_month = (int(part) for part in (match[1], match[3] or match[5], match[4] or match[6]))
        return _valid_day(year, month, in_month, shown)
    if re.fullmatch(r"\d{8}", plain):
        return _valid_day(int(plain[:4]), int(plain[4:6]), int(plain[6:]), shown)
    raise CellError(_not_a_date(shown, plain))


def _day_of_number(value: int | float | Decimal) -> date:
    number = _exact(value)
    if number == number.to_integral_value() and 10_000_000 <= number <= 99_999_999:
        digits = str(int(number))
        return _valid_day(int(digits[:4]), int(digits[4:6]), int(digits[6:]), digits)
    if int(number) in SERIALS:
        return SERIAL_ORIGIN + timedelta(days=int(number))
    raise CellError(_not_a_date(_plain_number(number), f"{number:f}"))


def _plain_number(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _valid_day(year: int, month: int, in_month: int, shown: str) -> date:
    hint = ""
    if not 1900 <= year <= 2100:
        hint = f"（年份 {year} 不合情理）"
    elif not 1 <= month <= 12:
        hint = f"（没有 {month} 月）"
    elif not 1 <= in_month <= monthrange(year, month)[1]:
        hint = f"（{year}年{month}月只有 {monthrange(year, month)[1]} 天）"
    if hint:
        raise CellError(f"{quoted(shown)}不是有效日期，请写成 {EXAMPLE_DATE} 这样的形式{hint}。")
    return date(year, month, in_month)


def _not_a_date(shown: str, plain: str) -> str:
    form = f"请写成 {EXAMPLE_DATE} 这样的形式"
    if re.fullmatch(r"\d{4}(\s*[-/.年]\s*\d{1,2}\s*月?|\s*年)?", plain):
        return f"{quoted(shown)}缺少月或日，{form}。"
    if re.fullmatch(r"\d{1,2}([-/.年])\d{1,2}[-/.月]\d{1,4}[日号]?", plain):
        return f"{quoted(shown)}分不清年月日，{form}，年份写四位并放在最前面。"
    if re.fullmatch(r"\d{5}", plain) and int(plain) in SERIALS:
        return f"{quoted(shown)}像是 Excel 的日期序号，请把这一格设为日期格式，或{form[1:]}。"
    return f"{quoted(shown)}不是日期，{form}。"


def yes_no(value: object) -> bool | None:
    """True for 是 √ 有 Y 1 and the like, False for 否 × 无 N 0; None for a blank cell, which is not a no."""
    _refuse_excel_error(value)
    if is_blank(value):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal) and _exact(value) in (0, 1):
        return bool(value)
    word = fold_width(text(value)).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise CellError(f"{quoted(text(value))}看不出是或否，请填“是”或“否”。")


Choices = Mapping[str, str] | Sequence[tuple[str, str]] | Sequence[str]


def choice_pairs(choices: Choices) -> tuple[tuple[str, str], ...]:
    """(value, label) pairs of a mapping, of pairs, or of labels that are their own values."""
    items: Iterable[object] = choices.items() if isinstance(choices, Mapping) else choices
    return tuple((item, item) if isinstance(item, str) else (item[0], item[1]) for item in items)  # type: ignore[index]


@lru_cache(maxsize=256)
def _by_label(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    table: dict[str, str] = {}
    for value, label in pairs:
        key = _comparable(label)
        if table.setdefault(key, value) != value:
            raise ValueError(f"two choices read the same: {label!r}")
    return table


def _comparable(label: str) -> str:
    return "".join(fold_width(drop_invisible(label)).split()).casefold()


def choice(value: object, choices: Choices) -> str | None:
    """The value whose label is in the cell (spaces, width and case ignored); None for a blank cell.

    CellError names near labels. ValueError when two labels cannot be told apart (a slip in the declaration).
    """
    pairs = choice_pairs(choices)
    table = _by_label(pairs)
    written = text(value)
    if not written:
        return None
    if (found := table.get(_comparable(written))) is not None:
        return found
    labels = [label for _, label in pairs]
    near = near_labels(written, labels)
    if near:
        asked = "或".join(f"“{label}”" for label in near)
        raise CellError(f"{quoted(written)}不在可选范围内，是不是{asked}？请照可选项填写。")
    listed = "、".join(labels[:SHOWN_CHOICES]) + ("等" if len(labels) > SHOWN_CHOICES else "")
    raise CellError(f"{quoted(written)}不在可选范围内，可选：{listed}。")


def near_labels(written: str, labels: Sequence[str], *, count: int = 3) -> list[str]:
    """Up to `count` labels close to what was written, nearest first: contained in one another, or alike by difflib."""
    wanted = _comparable(written)
    table = {_comparable(label): label for label in labels}
    inside = [key for key in table if len(wanted) > 1 and (wanted in key or (len(key) > 1 and key in wanted))]
    alike = difflib.get_close_matches(wanted, list(table), n=count, cutoff=0.5)
    return [table[key] for key in dict.fromkeys([*alike, *inside])][:count]


def clean(value: object, kind: str, *, choices: Choices = (), unit: str = "") -> object:
    """The cell by the kind of its column (see KINDS). CellError for a bad cell, ValueError for an unknown kind."""
    if kind == "text":
        return text(value)
    if kind == "code":
        return code(value)
    if kind == "integer":
        return integer(value, unit=unit)
    if kind == "decimal":
        return decimal(value, unit=unit)
    if kind == "date":
        return day(value)
    if kind == "yes_no":
        return yes_no(value)
    if kind == "choice":
        return choice(value, choices)
    raise ValueError(f"unknown kind of column {kind!r}, use one of {KINDS}")
