"""What an application still lacks before it may be submitted, in words its host can act on."""

from __future__ import annotations

from collections.abc import Sequence

from keji.kernel.documents.models import Attachment
from keji.modules.platforms.files.evidence import files_by_part
from keji.modules.platforms.models import Application
from keji.modules.platforms.models.recognition import ASKED


def missing_fields(record: Application) -> list[str]:
    """Labels of what has not been said."""
    blank = [name for name in ASKED if getattr(record, name) in (None, "")]
    return [str(record._meta.get_field(name).verbose_name) for name in blank]  # type: ignore[union-attr]


def missing_materials(record: Application) -> list[str]:
    """Names of required materials without a file."""
    there = files_of(record)
    return [m["name"] for m in record.call.materials if m["required"] and not there.get(m["code"])]


def files_of(record: Application) -> dict[str, list[Attachment]]:
    """{code of the checklist: its files}."""
    parts = list(record.materials.all())
    files = files_by_part(parts)
    return {part.code: files[part.pk] for part in parts}


def missing_sentence(record: Application) -> str:
    """Why it cannot be submitted yet; "" when nothing is missing."""
    if blank := missing_fields(record):
        return f"还有 {len(blank)} 项没有填（{_some(blank)}）"
    if lacking := missing_materials(record):
        return f"还缺 {len(lacking)} 份必交材料（{_some(lacking)}）"
    return ""


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:3]) + ("等" if len(names) > 3 else "")
