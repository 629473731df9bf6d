"""Fields the forms of this module share: months, amounts in 元, codes of the year's edition."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from keji.desk.forms import RecordForm
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.lib.figures import parse_period
from keji.lib.sheet import Column
from keji.modules.rnd.models.codes import edition

MOST = Decimal("99999999999999.99")
TOO_SMALL = Decimal(10_000)  # 元: a budget or a turnover below it was meant in 万元
FIRST_YEAR = 2015
UNCHOSEN = ("", "请选择")


def code_choices(name: str) -> Callable[[], list[tuple[str, str]]]:
    """The entries of a code list in the edition of the present year, code first as on the form."""
    return lambda: [UNCHOSEN, *((c, f"{c} {t}") for c, t in edition(name, clock.today().year).items())]


class MonthField(forms.CharField):
    """A month in any usual writing, cleaned to six digits YYYYMM; "" when left blank."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "202403"}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> str:
        if isinstance(value, date | datetime):
            return f"{value:%Y%m}"
        text = super().clean(value)
        if not text or text == "000000":
            return ""
        if found := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月]\d{1,2}日?", text):
            text = f"{found[1]}-{found[2]}"
        try:
            period = parse_period(text)
        except ValueError:
            period = None
        if period is None or period.kind != "month":
            raise forms.ValidationError(f"“{text}”看不出是哪年哪月，请写成六位数字，如 202403")
        return f"{period.year}{period.number:02d}"


def amount(label: str, *, required: bool = False, help_text: str = "") -> forms.DecimalField:
    """An amount in 元, at most two decimals."""
    return forms.DecimalField(
        label=f"{label}（元）",
        min_value=Decimal(0),
        max_value=MOST,
        decimal_places=2,
        required=required,
        help_text=help_text,
    )


def in_yuan(columns: list[Column]) -> list[Column]:
    """Columns of money with their unit declared: a sheet in 万元 is refused with a sentence, never read as 元."""
    return [replace(c, label=c.label[:-3], unit="元") if c.label.endswith("（元）") else c for c in columns]


def own_party(form: RecordForm) -> None:
    """A firm's user files for their own firm: nobody types a code that is known."""
    actor = form.actor
    if not actor.has(Role.OFFICER, Role.COUNTY) and len(actor.parties) == 1 and "party" in form.fields:
        code = Party.objects.filter(pk__in=actor.parties).values_list("uscc", flat=True).first()
        form.initial.setdefault("party", code)
