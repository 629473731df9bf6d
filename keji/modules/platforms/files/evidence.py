"""Files on the parts of a case: whose case a part belongs to decides who may see its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import Attachment, attach, attachments_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.modules.platforms.models import Finding, Material, SelfReport, SiteVisit

SUFFIXES = (
    *(".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".ofd"),
    *(".jpg", ".jpeg", ".png", ".zip"),
)
#: part → the way to the record whose readers may open its files
PARTS: dict[type[Any], str] = {
    Material: "application",
    SiteVisit: "application",
    SelfReport: "assessment",
    Finding: "assessment",
}


def file_problem(file: UploadedFile | None) -> str:
    """Why this file is not taken; "" when it is."""
    if file is None:
        return "没有选择文件"
    name = (file.name or "").lower()
    if not name.endswith(SUFFIXES):
        return f"“{file.name}”不是可以上传的文件，请用 PDF、Word、Excel、图片或 ZIP"
    if not file.size:
        return f"“{file.name}”是空文件，请重新选择"
    if file.size > settings.UPLOAD_MAX_BYTES:
        return f"“{file.name}”超过 {settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB，请压缩或拆分后再上传"
    return ""


def owner_of(part: Any) -> Any:
    """The record a part belongs to."""
    return getattr(part, PARTS[type(part)])


def add_file(part: Any, file: UploadedFile | None, *, actor: Actor, at: datetime) -> Attachment:
    """Hang a file on a part; the same name becomes its next version. Raises Refused with a sentence."""
    if problem := file_problem(file):
        raise Refused(problem)
    assert file is not None
    record = owner_of(part)
    with writing(actor, at):
        made = attach(part, file, name=file.name or "附件", by=actor.name, at=at)
        said = f"{part}：{made.name}（第 {made.version} 版，{made.blob_id[:12]}）"
        log("上传材料", record, {"材料": [None, said]})
    return made


def drop_file(part: Any, attachment: int, *, actor: Actor, at: datetime) -> None:
    """Take a file off a part; its bytes stay for the history."""
    with writing(actor, at):
        row = attachments_of(part).select_for_update(of=("self",)).filter(pk=attachment).first()
        if row is None:
            raise Refused("没有这个文件，可能已经移除")
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        log("移除材料", owner_of(part), {"材料": [f"{part}：{row.name}", None]})


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
