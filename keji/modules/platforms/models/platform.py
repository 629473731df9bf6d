"""The register: every platform, whoever recognised it, with its host, its level and how long it holds."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records import steps
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.platforms.register.flow import WithdrawTitle

#: The host reads and reports its own; the county its own; the bureau and the inspector see all.
HOST_ACCESS = Access(
    read={
        **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
        Role.COUNTY: Scope.REGION,
        **dict.fromkeys([Role.ENTERPRISE, Role.INSTITUTION], Scope.PARTY),
    },
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
)


class PlatformQuerySet(RecordQuerySet):
    def standing_on(self, on: date) -> PlatformQuerySet:
        """Recognised by `on`, not withdrawn by then and within its validity; no end means it holds until withdrawn."""
        return self.filter(
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on),
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            recognised_on__lte=on,
            state__in=[Platform.State.CONFIRMED, Platform.State.WITHDRAWN],
        )


class Platform(Record):
    """One platform at one level; `party` is its host. A rise to a higher level is another record."""

    class Kind(models.TextChoices):
        KEY_LABORATORY = "key_laboratory", "重点实验室"
        TECHNOLOGY_CENTRE = "technology_centre", "技术创新中心"
        NEW_RND_INSTITUTE = "new_rnd_institute", "新型研发机构"
        ENTERPRISE_RND_CENTRE = "enterprise_rnd_centre", "企业研发中心"
        INDUSTRY_INSTITUTE = "industry_institute", "产业创新研究院"
        INCUBATOR = "incubator", "科技企业孵化器"
        MAKERSPACE = "makerspace", "众创空间"
        OTHER = "other", "其他科创平台"

    class Level(models.TextChoices):
        NATIONAL = "national", "国家级"
        PROVINCIAL = "provincial", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"

    class State(models.TextChoices):
        REPORTED = "reported", "县区已报"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已确认"
        WITHDRAWN = "withdrawn", "已撤销"
        VOID = "void", "已作废"

    prefix = "PT"
    access = HOST_ACCESS
    flow = Flow(steps.ConfirmByAnother, steps.SendBack, steps.Resend, WithdrawTitle, steps.Void)
    objects: ClassVar[Any] = PlatformQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    kind = models.CharField("平台类型", max_length=30, choices=Kind.choices)
    level = models.CharField("级别", max_length=20, choices=Level.choices)
    name = models.CharField("平台名称", max_length=160)
    field = models.CharField("技术领域", max_length=60, blank=True)
    recognised_on = models.DateField("认定（备案）日期")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    recognised_by = models.CharField("认定机关", max_length=120, blank=True)
    document = models.CharField("认定文号", max_length=80, blank=True)
    reported_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="报送人"
    )
    withdrawn_on = models.DateField("撤销日期", null=True, editable=False)
    withdrawn_reason = models.CharField("撤销原因", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "科创平台"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "level"], condition=~Q(state="void"), name="platform_name_once_a_level"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("recognised_on")),
                name="platform_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_on__isnull=False), name="platform_withdrawn_has_date"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="platform_region"),
            models.Index(fields=["kind", "level", "-id"], name="platform_kind_level"),
            models.Index(fields=["party", "kind"], name="platform_party"),
            models.Index(fields=["state", "-id"], name="platform_state"),
        ]

    def __str__(self) -> str:
        return self.name
