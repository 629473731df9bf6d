"""Schemes, data and runs as plain JSON values and back, by the types of their fields. Numbers go as text, exactly."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from keji.lib.race.scheme import Indicator, Level

ENDS_WITHIN = 60  # a decimal no longer than this is written out, anything else as numerator/denominator
_NUMBER = re.compile(r"-?\d{1,400}(\.\d{1,400}|/\d{1,400})?")


def text(number: Fraction) -> str:
    """55/4 → 13.75, 1/3 → 1/3: `Fraction(text(x)) == x`."""
    rest, places = number.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        places = max(places, count)
    if rest != 1 or places > ENDS_WITHIN:
        return f"{number.numerator}/{number.denominator}"
    whole, part = divmod(abs(number.numerator) * 10**places // number.denominator, 10**places)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{part:0{places}d}" if places else f"{sign}{whole}"


def encode(value: Any) -> Any:
    """Plain values of JSON: dict, list, str, int, bool, None."""
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Fraction):
        return text(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: encode(value[key]) for key in value}
    if isinstance(value, tuple | list):
        return [encode(v) for v in value]
    if is_dataclass(value):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} is not published")


def decode(kind: Any, value: Any, where: str = "") -> Any:
    """The value of that type. ValueError in Chinese, naming the place, for anything that does not fit."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(kind), value, where)
    if origin is tuple:
        return tuple(decode(get_args(kind)[0], v, f"{where}第{i}项") for i, v in enumerate(_a(list, value, where), 1))
    if origin is not None and issubclass(origin, Mapping):
        inner = get_args(kind)[1]
        return {k: decode(inner, v, f"{where}{k}/") for k, v in _a(dict, value, where).items()}
    if kind is Fraction:
        return _fraction(value, where)
    if kind in (str, int, bool):
        return _a(kind, value, where)
    if issubclass(kind, StrEnum):
        try:
            return kind(_a(str, value, where))
        except ValueError:
            raise ValueError(f"“{where}”的内容“{value}”不认识。") from None
    return _decode_dataclass(kind, _a(dict, value, where), where)


def _decode_union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    rest = [k for k in kinds if k is not type(None)]
    if set(rest) == {Level, Indicator}:
        return decode(Level if isinstance(value, dict) and "parts" in value else Indicator, value, where)
    return decode(rest[0], value, where)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode_dataclass(kind: Any, value: dict[str, Any], where: str) -> Any:
    hints = _hints(kind)
    strange = [k for k in value if k not in hints]
    if strange:
        raise ValueError(f"“{where}”里有不认识的内容“{strange[0]}”。")
    for f in fields(kind):
        if f.name not in value and f.default is MISSING and f.default_factory is MISSING:
            raise ValueError(f"“{where}”里缺少“{f.name}”。")
    return kind(**{k: decode(hints[k], v, f"{where}{k}/") for k, v in value.items()})


def _a(kind: Any, value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise ValueError(f"“{where}”的内容不是应有的类型。")
    return value


def _fraction(value: Any, where: str) -> Fraction:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value) or re.search(r"/0+$", value):
        raise ValueError(f"“{where}”的内容不是数。")
    return Fraction(value)
