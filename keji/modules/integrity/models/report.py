"""A report (举报), named or anonymous. Who reported and what they wrote is sealed; the receipt alone answers them."""

from __future__ import annotations

import hmac
from uuid import uuid4

from django.db import models

from keji.kernel.people.crypto import SealedField, fingerprint
from keji.kernel.records.notices.objections import CODE_LENGTH, CODE_SIGNS
from keji.modules.integrity.models.case import Case


class Report(models.Model):
    """What somebody reported. It opens a case, or is joined to one that is about the same."""

    class Channel(models.TextChoices):
        PAGE = "page", "网上举报"
        LETTER = "letter", "来信来访"
        PHONE = "phone", "来电"

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports", verbose_name="案件")
    number = models.CharField("编号", max_length=24, unique=True, editable=False)
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField("收到时间")
    named = models.BooleanField("实名")
    name = SealedField("举报人", blank=True, default="")
    contact = SealedField("联系方式", blank=True, default="")
    accused = SealedField("被举报对象")
    text = SealedField("举报内容和线索")
    token = models.UUIDField(unique=True, default=uuid4, editable=False)
    answer = SealedField("告知举报人的结果", blank=True, default="")
    answered_on = models.DateField("告知日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "科研诚信举报"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number}（{'实名' if self.named else '匿名'}）"

    @property
    def code(self) -> str:
        """The eight signs on the receipt, made from the row's token under the house's key: never stored."""
        value = int(fingerprint(f"integrity-receipt:{self.token}"), 16)
        signs = []
        for _ in range(CODE_LENGTH):
            value, place = divmod(value, len(CODE_SIGNS))
            signs.append(CODE_SIGNS[place])
        return "".join(signs)

    def is_code(self, typed: str) -> bool:
        return hmac.compare_digest(self.code.encode(), typed.strip().upper().encode())


class Lookup(models.Model):
    """One question asked of the sanctions in force: who asked what of whom, and what they were told."""

    at = models.DateTimeField("时间")
    by = models.CharField("查询人", max_length=60)
    asked = models.CharField("查询内容", max_length=200)
    answer = models.CharField("答复", max_length=500)
    reason = models.CharField("用途", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "限制事项查询"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.asked
