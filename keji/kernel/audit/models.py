"""The log of who did what: append-only rows under a Merkle tree with two roots, SHA-256 and SM3."""

from __future__ import annotations

from datetime import UTC

from django.db import models


class Entry(models.Model):
    """One act. Rows are written once: the database itself refuses to change or delete them."""

    position = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("操作人编号", null=True)
    actor_name = models.CharField("操作人", max_length=60)
    lent_by = models.CharField("受谁委托", max_length=60, blank=True)
    action = models.CharField("动作", max_length=60)
    subject_type = models.CharField("对象类型", max_length=60)
    subject_id = models.CharField("对象编号", max_length=40)
    subject = models.CharField("对象", max_length=200)
    reason = models.CharField("理由", max_length=500, blank=True)
    changes = models.JSONField("变更", default=dict)
    leaf_sha256 = models.CharField(max_length=64)
    leaf_sm3 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["-position"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-position"], name="entry_of_subject"),
            models.Index(fields=["actor_id", "-position"], name="entry_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.action}"

    def content(self) -> dict[str, object]:
        """What the leaf commits to: every column but the leaves themselves."""
        return {
            "position": self.position,
            "at": self.at.astimezone(UTC).isoformat(),
            "actor_id": self.actor_id,
            "actor_name": self.actor_name,
            "lent_by": self.lent_by,
            "action": self.action,
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "subject": self.subject,
            "reason": self.reason,
            "changes": self.changes,
        }


class Ledger(models.Model):
    """The tree's right edge, one row: what is needed to append without reading the past."""

    size = models.BigIntegerField(default=0)
    edge_sha256 = models.JSONField(default=dict)
    edge_sm3 = models.JSONField(default=dict)
    # JSON {table: where the newest change written to it left the log}; looks and log-ins leave this as it is.
    marks = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "留痕账本"

    def __str__(self) -> str:
        return f"{self.size}"


class Head(models.Model):
    """A root taken at some size and printed somewhere outside (a bulletin, a notice): it pins the past."""

    size = models.BigIntegerField("条数")
    sha256 = models.CharField("SHA-256 根", max_length=64)
    sm3 = models.CharField("SM3 根", max_length=64)
    at = models.DateTimeField("时间")
    printed_in = models.CharField("刊印于", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "留痕根值"
        ordering = ["-size", "-pk"]

    def __str__(self) -> str:
        return f"{self.size} {self.sha256[:16]}"
