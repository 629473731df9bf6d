"""Files and papers: attachments kept under their digest; official papers that never change once issued."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models


class Blob(models.Model):
    """Some bytes, stored once under their SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField("大小")

    class Meta:
        verbose_name = verbose_name_plural = "文件内容"

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.sha256[:2] / self.sha256

    def read(self) -> bytes:
        return self.path.read_bytes()


class Attachment(models.Model):
    """A named file on a record. A new version supersedes the old one, which stays."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    blob = models.ForeignKey(Blob, models.PROTECT)
    name = models.CharField("文件名", max_length=200)
    purpose = models.CharField("用途", max_length=40, blank=True)
    version = models.PositiveSmallIntegerField("版本", default=1)
    uploaded_by = models.CharField("上传人", max_length=60)
    uploaded_at = models.DateTimeField("上传时间")
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["name", "-version"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="attachment_subject")]

    def __str__(self) -> str:
        return self.name


class Paper(models.Model):
    """An official paper: a draft may change, an issued one never; a correction is a new paper naming the old."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        REVIEWED = "reviewed", "已核稿"
        ISSUED = "issued", "已印发"

    kind = models.CharField("类别", max_length=40)
    period = models.CharField("期间", max_length=20, blank=True)
    title = models.CharField("标题", max_length=200)
    number = models.CharField("发文字号", max_length=60, blank=True)
    content = models.JSONField("正文", default=dict)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    drafted_by = models.CharField("起草人", max_length=60)
    reviewed_by = models.CharField("核稿人", max_length=60, blank=True)
    issued_by = models.CharField("签发人", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    data_digest = models.CharField("数据摘要", max_length=64, blank=True)
    public_since = models.DateField("对外公开日期", null=True, blank=True)
    docx = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("起草时间")

    class Meta:
        verbose_name = verbose_name_plural = "公文"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="paper_number_once")
        ]

    def __str__(self) -> str:
        return self.title


def keep(content: bytes) -> Blob:
    """Store bytes under their digest. Written beside and renamed: a crash leaves no half file under a digest."""
    digest = hashlib.sha256(content).hexdigest()
    blob = Blob(sha256=digest, size=len(content))
    if not blob.path.exists():
        blob.path.parent.mkdir(parents=True, exist_ok=True)
        part = blob.path.with_suffix(f".{id(content):x}.part")
        part.write_bytes(content)
        part.replace(blob.path)
    return Blob.objects.get_or_create(sha256=digest, defaults={"size": len(content)})[0]


def attach(record: Any, file: UploadedFile, *, name: str, by: str, at: Any, purpose: str = "") -> Attachment:
    """Add a file to a record; a file of the same name becomes its next version."""
    subject = {"subject_type": record._meta.label_lower, "subject_id": str(record.pk)}
    last = Attachment.objects.filter(**subject, name=name).order_by("-version").first()
    return Attachment.objects.create(
        **subject,
        blob=keep(file.read()),
        name=name[-200:],
        purpose=purpose,
        version=(last.version if last else 0) + 1,
        uploaded_by=by,
        uploaded_at=at,
    )


def attachments_of(record: Any) -> models.QuerySet[Attachment]:
    return Attachment.objects.filter(
        subject_type=record._meta.label_lower, subject_id=str(record.pk), removed_at__isnull=True
    ).select_related("blob")
