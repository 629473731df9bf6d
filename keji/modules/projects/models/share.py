"""联合攻关: several units undertake one project, each with its task and its share of the money. Money in 元."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Role, Scope
from keji.kernel.records.access import Access
from keji.modules.projects.models.access import APPLICANTS, OVERSEERS
from keji.modules.projects.models.project import Project

#: A share is read by the unit it is of; the lead reads all on the project's page.
OWN_SHARE = Access(
    read={
        **dict.fromkeys(OVERSEERS, Scope.ALL),
        Role.COUNTY: Scope.REGION,
        **dict.fromkeys(APPLICANTS, Scope.PARTY),
    },
    region="project__region",
)


class Share(models.Model):
    """One unit's part in one project; it counts once the unit has agreed."""

    access = OWN_SHARE
    objects: ClassVar[Any] = VisibleQuerySet.as_manager()

    project = models.ForeignKey(Project, models.CASCADE, related_name="shares", verbose_name="项目")
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="参加单位")
    lead = models.BooleanField("牵头", default=False)
    task = models.CharField("承担任务", max_length=300)
    grant = models.BigIntegerField("分得资助（元）")
    own_money = models.BigIntegerField("自筹（元）", default=0)
    agreed_by = models.CharField("确认人", max_length=60, blank=True)
    agreed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "联合攻关分工"
        ordering = ["-lead", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "party"], name="share_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(lead=True), name="share_one_lead"),
            models.CheckConstraint(condition=Q(grant__gte=0, own_money__gte=0), name="share_money"),
        ]

    def __str__(self) -> str:
        return f"{self.party.name}：{self.task}"
