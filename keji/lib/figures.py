"""Figures, dates and periods as a Chinese reader expects them. Exact in, exact out: a float is refused."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

from keji.lib.width import fold_width

Number = int | Decimal | Fraction

PRECISION = 60  # digits kept while rounding; no figure of a city needs more
SCALED_PLACES = 2  # 12,000万元 → 1.2亿元, but 12,345.6万元 stays: 1.23456亿元 is no easier to read
_LARGER = {"元": "万元", "万元": "亿元", "万": "亿"}
_STEP = 10_000


def to_decimal(value: Number, places: int | None = None) -> Decimal:
    """The value as a Decimal, rounded half up to `places` when given. TypeError for a float or bool.

    A Fraction that does not end (1/3) needs `places`; without it ValueError, lest it be cut unseen.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise TypeError(f"{type(value).__name__} has no exact figures, use int, Decimal or Fraction")
    with localcontext(Context(prec=PRECISION, rounding=ROUND_HALF_UP)):
        if isinstance(value, Fraction):
            if places is None and _odd_part(value.denominator) != 1:
                raise ValueError("a fraction that does not end needs a number of places")
            if places is not None:
                # Rounded as a fraction: dividing first would round twice.
                scaled = abs(value) * 10**places + Fraction(1, 2)
                number = Decimal(scaled.numerator // scaled.denominator).scaleb(-places)
                return -number if value < 0 and number else number
            return Decimal(value.numerator) / value.denominator
        number = Decimal(value)
        return number if places is None else number.quantize(Decimal(1).scaleb(-places)) + 0


def _odd_part(denominator: int) -> int:
    """What is left without factors 2 and 5: 1 when the decimal ends."""
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator


def format_number(value: Number | None, unit: str = "", *, places: int | None = None, scale: bool = False) -> str:
    """1234567.50 万元 → 1,234,567.5万元; None → —.

    `places`: so many decimals, rounded half up; without it all digits there are, trailing zeros dropped. `scale`: 元,
    万元 and 万 grow to the next unit when the result has at most two decimals, so it stays exact.
    """
    if value is None:
        return "—"
    if scale:
        value, unit = scale_unit(value, unit)
    number = to_decimal(value, places)
    number = number if number else abs(number)  # never -0
    if places is None:
        number = number.normalize(Context(prec=PRECISION))
    return f"{number:,f}{unit}"


def scale_unit(value: Number, unit: str) -> tuple[Number, str]:
    """(12000, 万元) → (1.2, 亿元) while the value is at least 10,000 and stays exact in two decimals."""
    while unit in _LARGER and abs(Fraction(value)) >= _STEP:
        larger = Fraction(value) / _STEP
        if (larger * 10**SCALED_PLACES).denominator != 1:
            break
        value, unit = to_decimal(larger), _LARGER[unit]
    return value, unit


def format_percent(ratio: Number | None, *, places: int = 1) -> str:
    """A ratio as a percentage: 0.96 → 96.0%. None → —."""
    return "—" if ratio is None else format_number(Fraction(ratio) * 100, "%", places=places)


def format_change(value: Number | None, unit: str = "", *, places: int | None = None) -> str:
    """A difference with its sign: +12家, -3家, 持平 for none; None → —."""
    if value is None:
        return "—"
    if value == 0:
        return "持平"
    return ("+" if value > 0 else "") + format_number(value, unit, places=places)


def plain_date(day: date | None) -> str:
    """2024年3月5日; None → —."""
    return "—" if day is None else f"{day.year}年{day.month}月{day.day}日"


_QUARTERS = "一二三四"
_KINDS = ("month", "jan_feb", "quarter", "year")
_PERIOD_FORMS = (
    ("jan_feb", re.compile(r"(\d{4})(?:年|[-./])0?1(?:月)?(?:-|—|–|~|至|到|、)0?2月?")),
    ("month", re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})月?(?:份)?")),
    ("month", re.compile(r"(\d{4})(\d{2})")),
    ("quarter", re.compile(r"(\d{4})(?:年|[-./])?(?:第)?([一二三四1-4])季度?")),
    ("quarter", re.compile(r"(\d{4})(?:年|[-./])?Q([1-4])", re.IGNORECASE)),
    ("year", re.compile(r"(\d{4})(?:年度?)?")),
)


@dataclass(frozen=True)
class Period:
    """A month (number 1–12), January and February together, a quarter (1–4) or a year of the calendar.

    Statistics of January are published with February's (jan_feb), so a monthly series may have eleven members.
    """

    kind: str
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        most = {"month": 12, "jan_feb": 1, "quarter": 4, "year": 1}.get(self.kind)
        if most is None:
            raise ValueError(f"unknown kind of period {self.kind!r}, use one of {_KINDS}")
        if not 1900 <= self.year <= 2100 or not 1 <= self.number <= most:
            raise ValueError("没有这样的时期，请核对年份和月份（季度）。")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        return cls("month", year, month)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        return cls("quarter", year, quarter)

    @classmethod
    def whole_year(cls, year: int) -> Period:
        return cls("year", year)

    @classmethod
    def jan_feb(cls, year: int) -> Period:
        return cls("jan_feb", year)

    @classmethod
    def of(cls, day: date, kind: str = "month") -> Period:
        """The period of this kind in which the day lies. ValueError for jan_feb of a later month."""
        if kind == "jan_feb" and day.month > 2:
            raise ValueError("这一天不在 1—2 月。")
        number = {"month": day.month, "quarter": (day.month + 2) // 3}.get(kind, 1)
        return cls(kind, day.year, number)

    @classmethod
    def at_month_index(cls, index: int) -> Period:
        """The month with this `month_index`."""
        return cls("month", index // 12, index % 12 + 1)

    @property
    def months(self) -> tuple[int, ...]:
        """The months it covers, 1–12."""
        if self.kind == "month":
            return (self.number,)
        if self.kind == "quarter":
            return tuple(range(self.number * 3 - 2, self.number * 3 + 1))
        return (1, 2) if self.kind == "jan_feb" else tuple(range(1, 13))

    @property
    def start(self) -> date:
        return date(self.year, self.months[0], 1)

    @property
    def end(self) -> date:
        """The last day, included."""
        return date(self.year, self.months[-1], monthrange(self.year, self.months[-1])[1])

    @property
    def month_index(self) -> int:
        """Months since year 0 of the last month covered: the difference of two is a number of months."""
        return self.year * 12 + self.months[-1] - 1

    @property
    def label(self) -> str:
        if self.kind == "month":
            return f"{self.year}年{self.number}月"
        if self.kind == "jan_feb":
            return f"{self.year}年1—2月"
        return f"{self.year}年{_QUARTERS[self.number - 1]}季度" if self.kind == "quarter" else f"{self.year}年"

    @property
    def cumulative_label(self) -> str:
        """From January to its end: 2024年1—5月."""
        last = self.months[-1]
        return f"{self.year}年1月" if last == 1 else (f"{self.year}年1—{last}月" if last < 12 else f"{self.year}年")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        """Its key in tables, in the order of time: 2024-03, 2024Q1, 2024; `parse_period` reads it back."""
        if self.kind == "month":
            return f"{self.year}-{self.number:02d}"
        if self.kind == "jan_feb":
            return f"{self.year}-1-2"
        return f"{self.year}Q{self.number}" if self.kind == "quarter" else str(self.year)

    def previous(self, *, joined: bool = False) -> Period:
        """The one before of the same kind. `joined`: the month before March is January and February together."""
        if self.kind == "month" and joined and self.number in (2, 3):
            return Period.jan_feb(self.year) if self.number == 3 else Period.month(self.year - 1, 12)
        if self.kind == "jan_feb":
            return Period.month(self.year - 1, 12)
        return Period.of(self.start - timedelta(days=1), self.kind)

    def next(self) -> Period:
        """The one after of the same kind (after jan_feb: March)."""
        return Period.of(self.end + timedelta(days=1), "month" if self.kind == "jan_feb" else self.kind)

    def same_last_year(self) -> Period:
        return Period(self.kind, self.year - 1, self.number)


def parse_period(text: str) -> Period:
    """2024年3月, 2024-03, 202403, 2024年1—2月, 2024年一季度, 2024Q1, 2024年 → Period; full width accepted.

    ValueError with a Chinese sentence for anything else.
    """
    plain = "".join(fold_width(text).split())
    for kind, form in _PERIOD_FORMS:
        if match := form.fullmatch(plain):
            number = match[2] if form.groups > 1 else "1"
            try:
                return Period(kind, int(match[1]), _QUARTERS.index(number) + 1 if number in _QUARTERS else int(number))
            except ValueError:
                raise ValueError(f"没有“{text.strip()}”这样的时期，请核对年份和月份（季度）。") from None
    raise ValueError(f"“{text.strip()[:24]}”看不出是哪个时期，请写成 2024年3月、2024年一季度 或 2024年。")
