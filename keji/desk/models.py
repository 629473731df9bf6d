"""What the desk itself remembers: a person's saved views of a list."""

from __future__ import annotations

from django.db import models


class SavedView(models.Model):
    """A list's filters and order under a name, private to one account."""

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="saved_views")
    desk = models.CharField(max_length=40)
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=1000)

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["account", "desk", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
