"""Accounts and what they may do: grants over a region, a party or a section, lent for a time by delegation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from keji.kernel.people.crypto import SealedField
from keji.kernel.people.roles import Actor, Authority, Role, Scope, clash
from keji.kernel.records.access import Access

#: Accounts and grants are the security administrator's alone; the audit administrator and the inspector may look.
SECURITY = Access(
    read={Role.SECURITY_ADMIN: Scope.ALL, Role.AUDIT_ADMIN: Scope.ALL},
    write={Role.SECURITY_ADMIN: Scope.ALL},
    region="",
    party="",
)
#: Sections, regions and the calendar are the system administrator's to keep and everybody's in the bureau to read.
SYSTEM = Access(
    read={Role.SYSTEM_ADMIN: Scope.ALL, Role.OFFICER: Scope.ALL, Role.LEADER: Scope.ALL},
    write={Role.SYSTEM_ADMIN: Scope.ALL},
    region="",
    party="",
)


class VisibleQuerySet(models.QuerySet[Any]):
    """Rows whose model says in `access` who reads them."""

    def visible_to(self, actor: Actor) -> VisibleQuerySet:
        within = self.model.access.within(actor, self.model.access.read)
        return self if within is None else self.filter(within)

    def writable_by(self, actor: Actor) -> VisibleQuerySet:
        within = self.model.access.within(actor, self.model.access.write)
        return self if within is None else self.filter(within)


class Section(models.Model):
    """A section (科室) of the bureau."""

    access = SYSTEM
    objects = VisibleQuerySet.as_manager()

    code = models.SlugField("代码", primary_key=True, max_length=32)
    name = models.CharField("科室名称", max_length=60, unique=True)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "科室"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager.from_queryset(VisibleQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    access = SECURITY

    username = models.CharField("用户名", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=60)
    phone = SealedField("手机号", blank=True, default="")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改密码", default=False)
    password_changed_on = models.DateField("密码修改日期", null=True, blank=True)
    past_passwords = models.JSONField("历史密码摘要", default=list, blank=True)
    created_at = models.DateTimeField("建立时间", null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = AccountManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    def set_password(self, raw_password: str | None) -> None:
        if self.pk and self.password:
            self.past_passwords = [self.password, *self.past_passwords][:3]
        super().set_password(raw_password)

    def password_is_due(self, on: date) -> bool:
        """Must it be changed before anything else: a first password, or one older than the house allows."""
        aged = self.password_changed_on and (on - self.password_changed_on).days > settings.PASSWORD_MAX_DAYS
        return self.must_change_password or bool(aged)

    def actor(self, on: date) -> Actor:
        """This account with every authority in force on `on`, its own and those lent to it."""
        if not self.is_active:
            return Actor(id=self.pk, name=self.name)
        own = Grant.objects.filter(account=self).in_force(on)
        lent = Delegation.objects.filter(to=self).in_force(on).select_related("lender")
        authorities = [g.authority() for g in own]
        for delegation in lent.filter(lender__is_active=True):
            theirs = Grant.objects.filter(account=delegation.lender).in_force(on)
            authorities += [g.authority(lent_by=delegation.lender.name) for g in theirs]
        return Actor(id=self.pk, name=self.name, authorities=tuple(dict.fromkeys(authorities)))


class DatedQuerySet(VisibleQuerySet):
    """Rows with `from_on` and `until_on`, both days included; an open end is no end."""

    def in_force(self, on: date) -> DatedQuerySet:
        return self.filter(Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on)))


class Grant(models.Model):
    """One role for one account, over a region, a party or a section, for a time."""

    access = SECURITY

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    region = models.ForeignKey("parties.Region", models.PROTECT, null=True, blank=True, verbose_name="县区")
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, blank=True, verbose_name="单位")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, verbose_name="科室")
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="grant_dates_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.COUNTY]) | Q(region__isnull=False), name="grant_county_has_region"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.ENTERPRISE, Role.INSTITUTION, Role.FINANCIER]) | Q(party__isnull=False),
                name="grant_portal_has_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}：{self.get_role_display()}"

    def clean(self) -> None:
        others = Grant.objects.filter(account_id=self.account_id).exclude(pk=self.pk)
        overlapping = [
            g.role
            for g in others
            if (g.until_on is None or g.until_on >= self.from_on)
            and (self.until_on is None or g.from_on <= self.until_on)
        ]
        if problem := clash([self.role, *overlapping]):
            raise ValidationError(problem)

    def authority(self, lent_by: str = "") -> Authority:
        return Authority(Role(self.role), self.region_id, self.party_id, self.section_id, lent_by)


class Delegation(models.Model):
    """While away, a person lends everything they may do to a colleague, from–to."""

    access = SECURITY

    lender = models.ForeignKey(Account, models.CASCADE, related_name="lent", verbose_name="委托人")
    to = models.ForeignKey(Account, models.CASCADE, related_name="borrowed", verbose_name="受托人")
    from_on = models.DateField("自")
    until_on = models.DateField("至")
    reason = models.CharField("事由", max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "委托"
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="delegation_dates_in_order"),
            models.CheckConstraint(condition=~Q(lender=F("to")), name="delegation_between_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.lender} 委托 {self.to}"

    def clean(self) -> None:
        roles = Grant.objects.filter(account__in=[self.lender_id, self.to_id]).values_list("role", flat=True)
        if problem := clash(roles):
            raise ValidationError(f"不能委托：{problem}")


class Notice(models.Model):
    """Something one person should know, with the page to go to."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="notices")
    text = models.CharField("内容", max_length=300)
    url = models.CharField("页面", max_length=300, blank=True)
    topic = models.CharField("事项", max_length=100, blank=True)  # the same topic is not repeated within days
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["account", "read_at", "-at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.text
