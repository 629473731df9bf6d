"""A public notice: what the bureau shows to everybody, locked from the moment it is shown."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow, Refused
from keji.kernel.records.models import Record, RecordQuerySet
from keji.kernel.records.notices import flow as steps
from keji.lib.merkle import canonical

NOTICE_ACCESS = Access(
    read=dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
    write=dict.fromkeys(BUREAU, Scope.ALL),
    region="",
    party="",
)


class PublicNoticeQuerySet(RecordQuerySet):
    def shown(self) -> PublicNoticeQuerySet:
        """What the public may know of: a withdrawn one keeps its title and the reason."""
        return self.filter(state__in=["published", "closed", "withdrawn"])

    def open_on(self, on: date) -> PublicNoticeQuerySet:
        """Within their days; both ends count."""
        return self.filter(state="published", from_on__lte=on).filter(Q(until_on__isnull=True) | Q(until_on__gte=on))


class PublicNotice(Record):
    """A list or text shown to the public, most often for some working days, with the objections it drew."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "公示"
        ANNOUNCEMENT = "announcement", "公告"
        RESULT = "result", "结果公布"

    class Matter(models.TextChoices):
        OTHER = "other", "一般事项"
        PROJECT = "project", "项目立项和经费"
        PLATFORM = "platform", "平台认定和推荐"
        CERTIFICATION = "certification", "资格认定和入库"

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        PUBLISHED = "published", "已发布"
        CLOSED = "closed", "已期满"
        WITHDRAWN = "withdrawn", "已撤回"
        DISCARDED = "discarded", "已弃用"

    prefix = "GS"
    access = NOTICE_ACCESS
    flow = Flow(steps.Publish, steps.Close, steps.Withdraw, steps.Discard)
    objects: ClassVar[Any] = PublicNoticeQuerySet.as_manager()

    region = None  # type: ignore[assignment]  # the bureau's own
    party = None  # type: ignore[assignment]  # a list concerns many units
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    matter = models.CharField("事项", max_length=20, choices=Matter.choices, default=Matter.OTHER)
    title = models.CharField("标题", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    body = models.TextField("内容")
    numbers = models.JSONField("涉及记录", default=list, blank=True)
    columns = models.JSONField("名单表头", default=list, blank=True)
    rows = models.JSONField("名单", default=list, blank=True)
    workdays = models.PositiveSmallIntegerField("公示工作日", null=True, blank=True)
    contact = models.CharField("受理方式", max_length=200, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正哪一份"
    )
    drafted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="起草人"
    )
    # What follows is written once, when it is published.
    from_on = models.DateField("自", null=True, editable=False)
    until_on = models.DateField("至", null=True, editable=False)
    files = models.JSONField("公开附件", default=list, editable=False)
    digest = models.CharField("内容指纹", max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    published_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="发布人"
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = "公示", "公示公告"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="public_notice_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"]) | (Q(from_on__isnull=False) & ~Q(digest="")),
                name="public_notice_shown_is_locked",
            ),
            models.CheckConstraint(condition=~Q(kind="notice") | Q(workdays__gt=0), name="public_notice_has_days"),
        ]
        indexes = [
            models.Index(fields=["state", "-from_on", "-id"], name="public_notice_shown"),
            models.Index(fields=["digest"], name="public_notice_digest"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What the public was shown never changes: a save that would touch it is refused."""
        if self.digest and self.content_digest() != self.digest:
            raise Refused("已发布的内容不能修改，有误请撤回或发布更正公示")
        super().save(*args, **kwargs)

    def content(self) -> dict[str, Any]:
        """What the digest commits to: everything the public reads, as JSON that is written in one way only."""
        return {
            "number": self.number,
            "kind": str(self.Kind(self.kind).label),
            "title": self.title,
            "document_number": self.document_number,
            "body": self.body,
            "records": list(self.numbers),
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "files": [{"name": f["name"], "sha256": f["sha256"]} for f in self.files],
            "from_on": self.from_on.isoformat() if self.from_on else "",
            "until_on": self.until_on.isoformat() if self.until_on else "",
            "contact": self.contact,
            "corrects": self.corrects.number if self.corrects else "",
        }

    def content_bytes(self) -> bytes:
        return canonical(self.content())

    def content_digest(self) -> str:
        """SHA-256 of `content_bytes`, hexadecimal."""
        return hashlib.sha256(self.content_bytes()).hexdigest()

    @property
    def is_shown(self) -> bool:
        return self.state in (self.State.PUBLISHED, self.State.CLOSED, self.State.WITHDRAWN)

    def open_on(self, on: date) -> bool:
        """May objections still be raised; both ends of the period count, and the nightly closing may be late."""
        return (
            self.state == self.State.PUBLISHED
            and self.from_on is not None
            and self.from_on <= on
            and (self.until_on is None or on <= self.until_on)
        )

    def period(self) -> str:
        from keji.lib.figures import plain_date

        if self.from_on is None:
            return f"发布后 {self.workdays} 个工作日" if self.workdays else "发布后长期"
        if self.until_on is None:
            return f"{plain_date(self.from_on)}起"
        return f"{plain_date(self.from_on)}至{plain_date(self.until_on)}"

    period.label = "期限"  # type: ignore[attr-defined]

    def table_size(self) -> int:
        return len(self.rows)

    table_size.label = "名单（条）"  # type: ignore[attr-defined]

    def public_url(self) -> str:
        """Where everybody reads it; "" before it is published."""
        return f"/public/notices/{self.number}" if self.is_shown else ""
