"""What ties an expert to a person or unit under review. Whom it names is sealed: it speaks of families."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.crypto import SealedField
from keji.modules.experts.models.expert import Expert


class Tie(models.Model):
    """One tie, declared by the expert or found in records. `on` is when it happened, `until_on` its last day."""

    class Kind(models.TextChoices):
        KIN = "kin", "近亲属"
        MENTOR = "mentor", "导师学生"
        COAUTHOR = "coauthor", "合著成果"
        COPROJECT = "coproject", "合作项目"
        INTEREST = "interest", "经济利益、持股或顾问"
        OTHER = "other", "其他应回避的关系"

    class Origin(models.TextChoices):
        DECLARED = "declared", "本人申报"
        RECORDS = "records", "记录查得"

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="ties")
    kind = models.CharField("关系", max_length=10, choices=Kind.choices)
    origin = models.CharField("来源", max_length=10, choices=Origin.choices)
    whom = SealedField("对方姓名", blank=True, default="")
    unit = SealedField("对方单位", blank=True, default="")
    person = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, blank=True, related_name="+")
    detail = models.CharField("说明", max_length=200, blank=True)
    on = models.DateField("发生日期", null=True, blank=True)
    until_on = models.DateField("终止日期", null=True, blank=True)
    told_at = models.DateTimeField("登记时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "关系申报"
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(on__isnull=True) | Q(until_on__gte=F("on")),
                name="expert_tie_in_order",
            )
        ]
        indexes = [models.Index(fields=["kind", "expert"], name="expert_tie_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.get_origin_display()}）"
