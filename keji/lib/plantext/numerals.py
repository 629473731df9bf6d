"""Numbers as Chinese officials write them: 1,200  1.2亿  十五亿  两千五百  一亿二千万  三分之一  百分之十五."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
          "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5}  # fmt: skip
TENS = {"十": 10, "拾": 10, "百": 100, "千": 1000, "仟": 1000, "佰": 100}
SCALES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
          "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}  # fmt: skip
CHINESE = frozenset(DIGITS) | frozenset(TENS) | {"万", "亿"}


def _below_ten_thousand(run: str) -> int | None:
    """一百二十五, 两千零五, 二〇二五 – or None if the run is not a number."""
    if not run:
        return None
    if all(char in DIGITS for char in run):
        return int("".join(str(DIGITS[char]) for char in run))
    total, digit = 0, None
    last = 10**4
    for char in run:
        if char in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[char]
        else:
            weight = TENS[char]
            if weight >= last:
                return None
            total += (1 if digit is None else digit) * weight
            last, digit = weight, None
    if digit:
        # 二百五 is said for 250, but a plan never writes it so; only 十五 and 百零五 are met.
        total += digit
    return total


def chinese(run: str) -> tuple[Decimal, str] | None:
    """A run of Chinese numerals as (value, scale): 十五亿 → (15, 亿); 两千五百 → (2500, "")."""
    for scale in ("万亿", "亿", "万"):
        head, found, tail = run.partition(scale)
        if not found:
            continue
        value = Decimal(1) if not head else chinese_whole(head)
        if value is None:
            return None
        if tail:
            rest = chinese_whole(tail)
            if rest is None or rest >= SCALES[scale]:
                return None
            value += Decimal(rest) / SCALES[scale]
        return value, scale
    whole = _below_ten_thousand(run)
    return None if whole is None else (Decimal(whole), "")


def chinese_whole(run: str) -> Decimal | None:
    """The same as one plain number: 一亿二千万 → 120000000."""
    if "点" in run:
        whole, _, part = run.partition("点")
        left = chinese_whole(whole)
        if left is None or not part or any(char not in DIGITS for char in part):
            return None
        return left + Decimal("0." + "".join(str(DIGITS[char]) for char in part))
    read = chinese(run)
    return None if read is None else read[0] * SCALES[read[1]]


def expand(value: Decimal, scale: str) -> Decimal:
    return value * SCALES[scale]
