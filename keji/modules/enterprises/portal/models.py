"""How firms come in: by an invitation their county hands out, or by a claim their county confirms."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from keji.kernel.people.crypto import SealedField
from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.modules.enterprises.portal import flow as steps

#: Who lets firms in: the county those of its own region, the bureau any.
DOOR = Access(
    read={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION, Role.INSPECTOR: Scope.ALL},
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
    region="party__region",
)


class Invitation(models.Model):
    """A code for one firm, shown once when it is made; only its digest is kept."""

    access = DOOR
    objects = VisibleQuerySet.as_manager()

    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="invitations", verbose_name="单位")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("发出时间")
    made_by = models.CharField("发出人", max_length=60)
    expires_on = models.DateField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="开通账号")
    revoked_at = models.DateTimeField("收回时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "企业邀请"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["party", "-id"], name="invitation_party")]

    def __str__(self) -> str:
        return f"{self.party} 邀请"


class Claim(Record):
    """A firm's own request for an account; its county looks whether the person speaks for the firm."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待核对"
        CONFIRMED = "confirmed", "已开通"
        REFUSED = "refused", "未通过"

    prefix = "RL"
    access = Access(read=DOOR.read, write=DOOR.write)
    flow = Flow(steps.Open, steps.Refuse)

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="claims", verbose_name="账号")
    contact = models.CharField("联系人", max_length=60)
    position = models.CharField("职务", max_length=60, blank=True)
    phone = SealedField("联系电话")
    reason = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "企业认领"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(state="waiting"), name="claim_one_waiting")
        ]
        indexes = [models.Index(fields=["state", "-id"], name="claim_state")]

    def __str__(self) -> str:
        return f"{self.party}：{self.contact}"


class Knock(models.Model):
    """A failed try at the door, kept for an hour: codes cannot be guessed one after another."""

    visitor = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "失败的尝试"
        indexes = [models.Index(fields=["visitor", "at"], name="knock_visitor")]

    def __str__(self) -> str:
        return f"{self.at}"
