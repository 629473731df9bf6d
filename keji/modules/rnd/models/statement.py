"""A firm's statement of one year in the shape of 107-2, from the firm or from the statistics bureau."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.lib.rnd_items import LABELS, NAMES, CostItems
from keji.modules.rnd import flow as steps
from keji.modules.rnd.models.project import FIRM_ACCESS, money


class StatementQuerySet(RecordQuerySet):
    def holding(self) -> StatementQuerySet:
        """Confirmed by a second person: what decisions may rest on."""
        return self.filter(state=RndStatement.State.CONFIRMED)


def many(label: str, unit: str) -> models.PositiveIntegerField[Any, Any]:
    return models.PositiveIntegerField(f"{label}（{unit}）", null=True, blank=True)


def maybe(label: str) -> models.DecimalField[Any, Any]:
    return money(label, null=True, blank=True)


class RndStatement(Record):
    """The year's figures of one firm. Blank means not known; zero means none."""

    class State(models.TextChoices):
        REPORTED = "reported", "待确认"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已确认"
        VOID = "void", "已作废"

    prefix = "YT"
    access = FIRM_ACCESS
    flow = Flow(
        steps.ConfirmStatement, steps.SendBackStatement, steps.ResendStatement, steps.ReopenStatement, steps.Void
    )
    objects: ClassVar[Any] = StatementQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    year = models.PositiveSmallIntegerField("年度")
    revenue = maybe("营业收入")
    main_revenue = maybe("主营业务收入")
    above_scale = models.BooleanField("规上工业", null=True, blank=True)
    industry_code = models.CharField("行业代码", max_length=6, blank=True)
    project_count = many("研发项目数", "项")
    rnd_expense = maybe("研发费用合计")

    rnd_staff = many("研发人员合计", "人")
    rnd_managers = many("其中：管理和服务人员", "人")
    rnd_women = many("其中：女性", "人")
    rnd_full_time = many("其中：全职人员", "人")
    rnd_graduates = many("其中：本科及以上", "人")

    staff_cost = maybe(LABELS["staff_cost"])
    direct_cost = maybe(LABELS["direct_cost"])
    depreciation = maybe(LABELS["depreciation"])
    building_depreciation = maybe("其中：建筑物折旧")
    amortisation = maybe(LABELS["amortisation"])
    design_cost = maybe(LABELS["design_cost"])
    trial_cost = maybe(LABELS["trial_cost"])
    commissioned_home = maybe(LABELS["commissioned_home"])
    to_institutes = maybe("其中：委托境内研究机构")
    to_universities = maybe("其中：委托境内高等学校")
    to_firms = maybe("其中：委托境内企业")
    commissioned_abroad = maybe(LABELS["commissioned_abroad"])
    other_cost = maybe(LABELS["other_cost"])

    fixed_assets = maybe("当年形成用于研发的固定资产")
    deduction_relief = maybe("研发费用加计扣除减免税")
    hnte_relief = maybe("高新技术企业减免税")

    institutes = many("期末研发机构数", "个")
    recognised_institutes = many("其中：市级以上认定", "个")
    institute_staff = many("机构人员", "人")
    institute_doctors = many("其中：博士", "人")
    institute_masters = many("其中：硕士", "人")
    institute_spend = maybe("机构经费支出")
    institute_equipment = maybe("机构仪器设备原价")

    patents = many("当年专利申请", "件")
    inventions = many("其中：发明专利", "件")
    inventions_held = many("期末有效发明专利", "件")
    transfers = many("专利转让及许可", "件")
    new_output = maybe("新产品产值")
    new_sales = maybe("新产品销售收入")
    new_exports = maybe("其中：出口")
    papers = many("发表科技论文", "篇")
    trademarks = many("期末拥有注册商标", "件")
    standards = many("形成国家或行业标准", "项")
    renovation = maybe("技术改造经费支出")
    acquisition = maybe("技术获取经费支出")

    reported_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="填报人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "年度研发情况"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "year"], condition=~Q(state="void"), name="rnd_statement_once_a_year"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="rnd_statement_confirmed_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["year", "state", "revenue"], name="rnd_statement_scope"),
            models.Index(fields=["region", "-id"], name="rnd_statement_region"),
            models.Index(fields=["party", "-year"], name="rnd_statement_party"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.year}年度"

    @property
    def items(self) -> CostItems | None:
        """The eight items; None where none was given (an import that brings the total only)."""
        values = {name: getattr(self, name) for name in (*NAMES, "building_depreciation")}
        if all(value is None for value in values.values()):
            return None
        return CostItems(**{name: value or 0 for name, value in values.items()})

    @property
    def active(self) -> bool | None:
        """Did it say of its year that there was research? None when it says too little to tell."""
        if self.project_count == 0 or self.rnd_expense == 0:
            return False
        if self.project_count is None or self.rnd_expense is None:
            return None
        return True


#: What people fill in, in the order of the form.
STATEMENT_COLUMNS = tuple(
    f.name
    for f in RndStatement._meta.concrete_fields
    if f.name not in ("id", "number", "region", "party", "state", "state_since", "source", "created_at", "created_by")
    and f.name not in ("updated_at", "year", "reported_by", "confirmed_at")
)
