"""Texts people type, as their columns keep them."""

from __future__ import annotations

from typing import Any

from django.db import models

from keji.kernel.records.flow import Refused


def fitted(model: type[models.Model], name: str, text: str) -> str:
    """The text without blanks around it and with one kind of line end: a page sends two characters for a line that the
    box beside it counted as one. Refused when it is longer than its column; nothing is cut off in silence."""
    field: Any = model._meta.get_field(name)
    kept = text.replace("\r\n", "\n").strip()
    if field.max_length and len(kept) > field.max_length:
        raise Refused(f"{field.verbose_name}最多 {field.max_length} 个字，现在有 {len(kept)} 个，请精简后再保存")
    return kept
