"""One row an expert: who they are stands with the person, what they can judge stands here."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel import clock
from keji.kernel.people.crypto import SealedField
from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.experts import flow_expert as steps

#: The register is the bureau's; an expert sees the own row and nobody else's.
REGISTER = Access(
    read={**dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL), Role.EXPERT: Scope.OWN},
    write={Role.OFFICER: Scope.ALL},
    region="",
    party="",
    account="person__account",
)


class Discipline(models.Model):
    """One discipline of GB/T 13745-2009; the first level has three digits, the second a point and two more."""

    code = models.CharField("学科代码", max_length=8, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField("学科名称", max_length=60)
    certain = models.BooleanField("已核对", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "学科"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ExpertQuerySet(RecordQuerySet):
    def serving(self) -> ExpertQuerySet:
        """On the list now, whether they rest or not."""
        return self.filter(state__in=[Expert.State.ACTIVE, Expert.State.PAUSED])


class Expert(Record):
    """A reviewer of the pool. `party` is the employer where it has a code on file; `employer` is its name as told."""

    class Kind(models.TextChoices):
        TECHNICAL = "technical", "技术"
        INDUSTRY = "industry", "产业（企业）"
        MANAGEMENT = "management", "管理"
        FINANCE = "finance", "财务"
        INVESTMENT = "investment", "投融资"
        LEGAL = "legal", "法律"

    class Level(models.TextChoices):
        SENIOR = "senior", "正高级"
        ASSOCIATE = "associate", "副高级"
        CTO = "cto", "企业技术负责人"
        ACCOUNTANT = "accountant", "注册会计师"
        INVESTOR = "investor", "投资机构负责人"
        LAWYER = "lawyer", "执业律师"
        LOWER = "lower", "中级及以下"

    class State(models.TextChoices):
        APPLIED = "applied", "待审核"
        ACTIVE = "active", "在库"
        PAUSED = "paused", "暂停抽取"
        EXITED = "exited", "已出库"
        REJECTED = "rejected", "未通过"

    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    prefix = "ZJ"
    access = REGISTER
    flow = Flow(steps.Admit, steps.Reject, steps.Pause, steps.Resume)
    objects: ClassVar[Any] = ExpertQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    person = models.OneToOneField("parties.Person", models.PROTECT, related_name="expert", verbose_name="姓名")
    party = models.ForeignKey(  # type: ignore[assignment]
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在单位（名册）"
    )
    employer = models.CharField("所在单位", max_length=120)
    on_register = models.BooleanField("单位在名册内", default=False, editable=False)  # `party` is known; for the list
    in_city = models.BooleanField("市内专家", default=True)
    place = models.CharField("所在市", max_length=40, blank=True)
    kind = models.CharField("专家类型", max_length=12, choices=Kind.choices)
    level = models.CharField("职称级别", max_length=12, choices=Level.choices)
    title_on = models.DateField("职称取得时间", null=True, blank=True)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices, blank=True)
    degree = models.CharField("学历学位", max_length=40, blank=True)
    school = models.CharField("毕业院校", max_length=80, blank=True)
    discipline = models.ForeignKey(  # of the first level; a second-level one stands in `also`
        Discipline, models.PROTECT, related_name="experts", limit_choices_to={"parent": None}, verbose_name="主学科"
    )
    also = models.ManyToManyField(Discipline, related_name="+", verbose_name="其他学科", blank=True)
    industries = models.JSONField("产业领域", default=list, blank=True)
    keywords = models.JSONField("关键词", default=list, blank=True)
    roles_elsewhere = models.CharField("社会兼职", max_length=200, blank=True)
    bank_card = SealedField("银行卡号", blank=True, default="")
    agreed_on = models.DateField("同意专家守则日期", null=True, blank=True)
    joined_on = models.DateField("入库日期", null=True, editable=False)
    confirmed_until = models.DateField("信息确认有效期至", null=True, editable=False)
    entered_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="录入人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "评审专家"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["active", "paused"]) | Q(joined_on__isnull=False), name="expert_in_has_day"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind"], name="expert_state_kind"),
            models.Index(fields=["discipline", "state"], name="expert_discipline"),
            models.Index(fields=["party", "state"], name="expert_party"),
        ]

    def __str__(self) -> str:
        return self.person.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.on_register = self.party_id is not None
        super().save(*args, **kwargs)

    def home(self) -> str:
        return "市内" if self.in_city else "市外"

    home.label = "地域"  # type: ignore[attr-defined]

    def also_named(self) -> str:
        return "、".join(str(d) for d in self.also.all())

    also_named.label = "其他学科"  # type: ignore[attr-defined]

    def _phone(self) -> str:
        return str(self.person.phone)

    _phone.label = "手机号"  # type: ignore[attr-defined]
    phone = property(_phone)

    def _id_number(self) -> str:
        return str(self.person.id_number)

    _id_number.label = "证件号码"  # type: ignore[attr-defined]
    id_number = property(_id_number)

    def confirmed_word(self) -> str:
        """Is the yearly confirmation in force, in a word."""
        if self.confirmed_until is None:
            return "从未确认"
        return "有效" if self.confirmed_until >= clock.today() else "已过期"

    confirmed_word.label = "年度确认"  # type: ignore[attr-defined]

    def age_on(self, on: date) -> int | None:
        born = self.person.born_on
        return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Employment(models.Model):
    """Where an expert worked, both days included; no last day means still."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="employments")
    party = models.ForeignKey(
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位（名册）"
    )
    employer = models.CharField("单位", max_length=120)
    post = models.CharField("职务", max_length=60, blank=True)
    from_on = models.DateField("自", null=True, blank=True)
    until_on = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职经历"
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="expert_employment_in_order",
            )
        ]
        indexes = [models.Index(fields=["expert", "until_on"], name="expert_employment")]

    def __str__(self) -> str:
        return self.employer


class ExpertInvitation(models.Model):
    """A code by which one person may ask to join; shown once, only its digest is kept."""

    access = Access(
        read=dict.fromkeys([Role.OFFICER, Role.INSPECTOR], Scope.ALL),
        write={Role.OFFICER: Scope.ALL},
        region="",
        party="",
    )
    objects = VisibleQuerySet.as_manager()

    name = models.CharField("受邀人", max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("发出时间")
    made_by = models.CharField("发出人", max_length=60)
    expires_on = models.DateField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True)
    expert = models.ForeignKey(Expert, models.PROTECT, null=True, related_name="+", verbose_name="登记的专家")

    class Meta:
        verbose_name = verbose_name_plural = "专家邀请"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} 邀请"
