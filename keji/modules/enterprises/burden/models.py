"""What filling in cost one unit in one year, as measured every night."""

from __future__ import annotations

from django.db import models

from keji.kernel.facts.models import FILE_ACCESS
from keji.kernel.people.models import VisibleQuerySet


class Burden(models.Model):
    """Counts of one unit and calendar year. They follow from filings and statements and are measured anew."""

    access = FILE_ACCESS
    worked_out = True  # after a merge of two units the next night measures it
    objects = VisibleQuerySet.as_manager()

    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="burdens", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    forms = models.PositiveIntegerField("填表次数", default=0)
    asked = models.PositiveIntegerField("询问项数", default=0)
    known = models.PositiveIntegerField("免填项数", default=0)
    agreed = models.PositiveIntegerField("一键确认", default=0)
    stated = models.PositiveIntegerField("填写项数", default=0)
    filled = models.PositiveIntegerField("县区代填", default=0)
    twice = models.PositiveIntegerField("重复填报", default=0)
    measured_at = models.DateTimeField("统计时间")

    class Meta:
        verbose_name = verbose_name_plural = "填报负担"
        constraints = [models.UniqueConstraint(fields=["party", "year"], name="burden_once")]
        indexes = [models.Index(fields=["year", "-asked"], name="burden_year")]

    def __str__(self) -> str:
        return f"{self.party} {self.year}年填报负担"


#: Column → what it means to whoever reads the page.
MEANINGS = {
    "forms": "本单位保存过几次填报表",
    "asked": "表上没有人说过、要本单位回答的项数",
    "known": "表上已有、不用再填的项数（登记、县区、统计或其他记录已有）",
    "agreed": "免填项中由本单位一键确认的项数",
    "stated": "本单位逐项填写的项数",
    "filled": "县区科技局替单位填写的项数",
    "twice": "同一单位、同一年度的同一项资料，一年内不止一个来源各填一遍的次数；一键确认的不算",
}
COUNTS = tuple(MEANINGS)
ANY = "any"  # units with any of the counts
