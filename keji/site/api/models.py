"""Other systems that call this house: on whose authority, until when, and what each of their writes made."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.models import SECURITY, Grant, VisibleQuerySet
from keji.kernel.people.roles import ADMINISTRATORS, Actor
from keji.site.api.flow import CLIENT


class Client(models.Model):
    """A system with a token. It acts as `account`, never beyond that account's own grants."""

    class State(models.TextChoices):
        ACTIVE = "active", "启用"
        REVOKED = "revoked", "已停用"

    access = SECURITY
    flow = CLIENT
    objects = VisibleQuerySet.as_manager()

    name = models.CharField("系统名称", max_length=40)
    purpose = models.CharField("用途", max_length=200)
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name="代表账号")
    may_read = models.BooleanField("可查询", default=True)
    may_write = models.BooleanField("可报送", default=False)
    from_on = models.DateField("自")
    until_on = models.DateField("至")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ACTIVE, editable=False)
    state_since = models.DateTimeField("进入状态时间", null=True, editable=False)
    created_at = models.DateTimeField("建立时间", editable=False)
    # Only what the token looks like from outside: its first letters for people, its digest for the door.
    hint = models.CharField("令牌开头", max_length=12, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    issues = models.PositiveIntegerField("发放次数", default=0, editable=False)
    issued_at = models.DateTimeField("发放时间", null=True, editable=False)
    last_used_at = models.DateTimeField("最近使用", null=True, editable=False)
    # Calls within one minute of the clock: in the database, so that all workers count together.
    minute = models.BigIntegerField(default=0, editable=False)
    calls = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "对接系统"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(state="active"),
                name="client_name_once",
                violation_error_message="已有同名的对接系统在用，请换一个名称，或先停用原来的。",
            ),
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="client_digest_once"),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="client_dates_in_order",
                violation_error_message="截止日期早于起始日期，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(may_read=True) | Q(may_write=True),
                name="client_may_something",
                violation_error_message="“可查询”和“可报送”至少选一项。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def refusal(self, on: date) -> str:
        """Why its token does not open the door on this day; "" when it does."""
        if self.state != self.State.ACTIVE:
            return "这个令牌已停用，请向安全管理员申请新的令牌"
        if on < self.from_on:
            return f"这个令牌从 {self.from_on} 起才能使用"
        if on > self.until_on:
            return f"这个令牌已于 {self.until_on} 到期，请向安全管理员申请延期"
        if not self.account.is_active:
            return "这个令牌代表的账号已停用，请联系安全管理员"
        return ""

    def actor(self, on: date) -> Actor:
        """The account with its own grants in force; what was lent to a person, or administers, is not a machine's."""
        grants = Grant.objects.filter(account_id=self.account_id).in_force(on)
        authorities = [g.authority() for g in grants.exclude(role__in=ADMINISTRATORS)]
        name = f"{self.account.name}（{self.name}）"[:60]
        return Actor(id=self.account_id, name=name, authorities=tuple(dict.fromkeys(authorities)))


class Call(models.Model):
    """One batch a client wrote, under the key it gave: the same key again answers and writes nothing."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="writes")
    key = models.CharField("幂等键", max_length=80)
    desk = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # of the request: the same key with other content is refused
    keys = models.JSONField("写入的记录", default=list)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "接口写入"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="call_once")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"
