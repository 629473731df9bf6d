"""Code lists of the statistical form. They differ by year, so they are rows with the year from which they hold."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Role, Scope
from keji.kernel.records.access import Access

CODES = Access(
    read=dict.fromkeys([Role.LEADER, Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSPECTOR], Scope.ALL),
    write={Role.OFFICER: Scope.ALL},
    region="",
    party="",
)


class Code(models.Model):
    """One entry of one list from a reporting year on; all entries of a list with the same year are its edition."""

    class List(models.TextChoices):
        SOURCE = "source", "项目来源"
        COOPERATION = "cooperation", "项目合作形式"
        RESULT = "result", "项目成果形式"
        GOAL = "goal", "项目技术经济目标"
        STAGE = "stage", "跨年项目所处主要进展阶段"
        HEADING = "heading", "107-1 表栏目名称"
        CONTRACT = "contract", "技术合同登记编号格式"

    access = CODES
    objects = VisibleQuerySet.as_manager()

    list = models.CharField("代码表", max_length=20, choices=List.choices)
    from_year = models.PositiveSmallIntegerField("自哪个年度起", help_text="统计年度，如 2024")
    code = models.CharField("代码", max_length=20)
    label = models.CharField("名称", max_length=120)
    cites = models.CharField("依据", max_length=200, blank=True)
    certain = models.BooleanField("已核对", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "统计代码"
        ordering = ["list", "-from_year", "pk"]
        constraints = [models.UniqueConstraint(fields=["list", "from_year", "code"], name="rnd_code_once")]

    def __str__(self) -> str:
        return f"{self.get_list_display()} {self.code} {self.label}"


@while_unchanged(64)
def edition(name: str, year: int) -> Mapping[str, str]:
    """{code: label} of a list as it holds in a reporting year; {} before its first edition."""
    rows = Code.objects.filter(list=name, from_year__lte=year).order_by("-from_year", "pk")
    newest = next((row.from_year for row in rows[:1]), None)
    return {row.code: row.label for row in rows if row.from_year == newest}


def uncertain(name: str, year: int) -> bool:
    """Has nobody compared this edition with the form of the statistics bureau yet?"""
    rows = (
        Code.objects.filter(list=name, from_year__lte=year).order_by("-from_year", "pk").values("from_year", "certain")
    )
    newest = list(rows)
    return not newest or any(not r["certain"] for r in newest if r["from_year"] == newest[0]["from_year"])


def label_of_code(name: str, year: int, code: str) -> str:
    """A code with its name; a code the edition does not have stays bare."""
    label = edition(name, year).get(code, "")
    return f"{code} {label}".strip()
