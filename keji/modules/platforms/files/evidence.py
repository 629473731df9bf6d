"""Files on the parts of a case: whose case a part belongs to decides who may see its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from keji.kernel.documents.handing_in import hand_in, take_off
from keji.kernel.documents.models import Attachment
from keji.kernel.people.roles import Actor
from keji.modules.platforms.models import Finding, Material, SelfReport, SiteVisit

#: part → the way to the record whose readers may open its files
PARTS: dict[type[Any], str] = {
    Material: "application",
    SiteVisit: "application",
    SelfReport: "assessment",
    Finding: "assessment",
}


def owner_of(part: Any) -> Any:
    """The record a part belongs to."""
    return getattr(part, PARTS[type(part)])


def add_file(part: Any, file: UploadedFile | None, *, actor: Actor, at: datetime) -> Attachment:
    """Hang a file on a part; the same name becomes its next version. Raises Refused with a sentence."""
    return hand_in(owner_of(part), part, file, actor=actor, at=at)


def drop_file(part: Any, attachment: int, *, actor: Actor, at: datetime) -> None:
    """Take a file off a part; its bytes stay for the history."""
    take_off(owner_of(part), part, attachment, actor=actor, at=at)


def part_of(attachment: Attachment) -> Any | None:
    """The part an attachment hangs on; None when it is none of this module's."""
    for model in PARTS:
        if model._meta.label_lower == attachment.subject_type:
            return model._default_manager.filter(pk=attachment.subject_id).first()
    return None


def files_by_part(parts: Any) -> dict[int, list[Attachment]]:
    """{part's key: its files}, asked once for all parts of one kind."""
    rows = list(parts)
    found: dict[int, list[Attachment]] = {part.pk: [] for part in rows}
    if rows:
        files = Attachment.objects.filter(
            subject_type=rows[0]._meta.label_lower,
            subject_id__in=[str(part.pk) for part in rows],
            removed_at__isnull=True,
        )
        for file in files.select_related("blob").order_by("name", "-version"):
            found[int(file.subject_id)].append(file)
    return found
