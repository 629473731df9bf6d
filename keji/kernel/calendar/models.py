"""Working days as editable data: the yearly notice on holidays, day by day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db import models

from keji.kernel.people.models import SYSTEM, VisibleQuerySet
from keji.lib.workdays import WorkCalendar


class DayRule(models.Model):
    """A day that differs from its weekday: a holiday on a workday, or a weekend day worked instead."""

    access = SYSTEM
    objects = VisibleQuerySet.as_manager()

    day = models.DateField("日期", primary_key=True)
    working = models.BooleanField("上班", default=False)
    year = models.PositiveSmallIntegerField("放假年度", help_text="元旦假期可能从上一年 12 月开始，按通知所属年度填")
    notice = models.CharField("依据通知", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "节假日调休"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.working else '放假'}"


def work_calendar() -> WorkCalendar:
    """The calendar as the table stands now; a year without any rule counts as unknown."""
    return _load(tuple(DayRule.objects.order_by("day").values_list("day", "working", "year", "notice")))


@lru_cache(maxsize=2)
def _load(rules: tuple[tuple[date, bool, int, str], ...]) -> WorkCalendar:
    return WorkCalendar(
        days={day: working for day, working, _, _ in rules},
        known_years=frozenset(year for _, _, year, _ in rules),
        notices={year: notice for _, _, year, notice in rules},
    )
