"""What the pages of projects share: finding what the reader may see, telling a refusal, laying out a form."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied


def laid_out(form: Any) -> list[dict[str, Any]]:
    """A form's fields under their headings, as the shared form part wants them."""
    return [{"title": title, "fields": [form[name] for name in names]} for title, names in form.fieldsets]


def refuse(why: str) -> None:
    """403 with its reason; nothing when there is none."""
    if why:
        raise PermissionDenied(f"{why}。")
