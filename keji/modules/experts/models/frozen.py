"""What a draw froze, what it gave, who holds which seat, and what the inspector saw."""

from __future__ import annotations

from django.db import models

from keji.kernel.people.crypto import SealedField
from keji.modules.experts.models.draw import Draw
from keji.modules.experts.models.expert import Expert


class FrozenPool(models.Model):
    """The published file and its digests; the bureau's number and the salt of the names stay sealed."""

    draw = models.OneToOneField(Draw, models.PROTECT, primary_key=True, related_name="frozen")
    file = models.ForeignKey("documents.Blob", models.PROTECT, related_name="+")
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64)
    commitment = models.CharField("随机数摘要", max_length=64)
    nonce = SealedField("封存的随机数")
    salt = SealedField("编号用盐")
    digits = models.PositiveSmallIntegerField("监督人数字位数")
    public = models.CharField("公开数字", max_length=120, blank=True)
    states = models.JSONField("状态人数", default=dict)
    fairness = models.JSONField("机会", default=dict)  # least, most, balls, gini, bound as exact text
    frozen_at = models.DateTimeField("冻结时间")
    frozen_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="冻结人")

    class Meta:
        verbose_name = verbose_name_plural = "冻结的专家库"

    def __str__(self) -> str:
        return f"{self.draw} {self.sha256[:12]}"


class PoolEntry(models.Model):
    """How one expert stood when the pool was frozen. `alias` is what the published file calls them."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="pool")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="+")
    alias = models.CharField(max_length=24)
    state = models.CharField(max_length=12)
    rule = models.CharField("规则", max_length=40, blank=True)
    record = models.CharField("依据", max_length=60, blank=True)
    sentence = models.CharField("说明", max_length=300, blank=True)
    others = models.JSONField("其他说明", default=list)
    balls = models.BigIntegerField("机会", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "冻结时的专家"
        constraints = [
            models.UniqueConstraint(fields=["draw", "expert"], name="draw_pool_once"),
            models.UniqueConstraint(fields=["draw", "alias"], name="draw_alias_once"),
        ]
        indexes = [models.Index(fields=["draw", "state"], name="draw_pool_state")]

    def __str__(self) -> str:
        return f"{self.expert}"


class DrawResult(models.Model):
    """The one result a frozen pool ever has: a second row for the same draw cannot exist."""

    draw = models.OneToOneField(Draw, models.PROTECT, primary_key=True, related_name="result")
    witness = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="监督人")
    drawn_at = models.DateTimeField("抽取时间")
    content = SealedField("结果文件")  # with nonce and digits; sealed, for it tells the panel
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64)
    versions = models.JSONField("各版摘要", default=list)  # [{at, sha256, sm3, why}], the first draw first
    opened_at = models.DateTimeField("启封时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽取结果"

    def __str__(self) -> str:
        return f"{self.draw} {self.sha256[:12]}"


class Seat(models.Model):
    """One expert's place on a panel: asked, taken or declined. Who declined stays, with a reason."""

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        ACCEPTED = "accepted", "参加"
        DECLINED = "declined", "不参加"

    class Why(models.TextChoices):
        BUSY = "busy", "时间冲突"
        CONFLICT = "conflict", "存在应回避的情形"
        HEALTH = "health", "健康原因"
        UNREACHED = "unreached", "联系不上"
        OTHER = "other", "其他"

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="seats")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats")
    alias = models.CharField(max_length=24)
    order = models.PositiveSmallIntegerField("次序")
    after = models.ForeignKey("self", models.PROTECT, null=True, related_name="next", verbose_name="递补")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    why = models.CharField("原因", max_length=10, choices=Why.choices, blank=True)
    reason = SealedField("说明", blank=True, default="")
    asked_at = models.DateTimeField("通知时间")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.CharField("登记人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "评审席位"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "expert"], name="draw_seat_once")]

    def __str__(self) -> str:
        return f"{self.draw} 第{self.order}席"


class WitnessNote(models.Model):
    """What the inspector noted, signed or checked again; never changed."""

    class Kind(models.TextChoices):
        NOTE = "note", "记录"
        SIGN = "sign", "签名"
        CHECK = "check", "复核"

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="observations")
    kind = models.CharField("类别", max_length=6, choices=Kind.choices)
    text = models.CharField("内容", max_length=500)
    digest = models.CharField("所签摘要", max_length=64, blank=True)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="监督人")
    by_name = models.CharField("监督人姓名", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "监督记录"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by_name}：{self.text[:20]}"
