"""Two people with the same form open: the second one is told what the first one saved, never silently preferred."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from django.utils import timezone

from keji.kernel.audit.models import Entry


def as_read(values: Mapping[str, Any]) -> str:
    """A short digest of what a form was filled with; it comes back with the form."""
    text = "\n".join(f"{name}={value!s}" for name, value in sorted(values.items()))
    return blake2b(text.encode(), digest_size=8).hexdigest()


def crossing(record: Any, now: Mapping[str, Any], seen: str) -> str:
    """Who changed the record since the form was opened, as a sentence; "" when nobody did."""
    if not seen or seen == as_read(now):
        return ""
    last = Entry.objects.filter(subject_type=record._meta.label_lower, subject_id=str(record.pk))
    entry = last.order_by("-position").first()
    who = f"{entry.actor_name}在{timezone.localtime(entry.at):%H:%M}" if entry else "有人"
    return f"没有保存：您打开表单之后，{who}修改过这条记录。下面保留了您填的内容，请对照最新内容后再次保存。"
