"""Files handed in to a part of a record (a point of its list of materials, a finding, a visit), and taken off again.

Whether the record still takes them, and whose it is, its own module asks before it calls.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import Attachment, attach, attachments_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused

SUFFIXES = (".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".ofd", ".jpg", ".jpeg", ".png", ".zip")


def file_problem(file: UploadedFile | None) -> str:
    """Why this file is not taken; "" when it is."""
    if file is None:
        return "没有选择文件"
    if not (file.name or "").lower().endswith(SUFFIXES):
        return f"“{file.name}”不是可以上传的文件，请用 PDF、Word、Excel、图片或 ZIP"
    if not file.size:
        return f"“{file.name}”是空文件，请重新选择"
    most: int = settings.UPLOAD_MAX_BYTES
    return f"“{file.name}”超过 {most // 1024 // 1024} MB，请压缩或拆分后再上传" if file.size > most else ""


def hand_in(record: Any, part: Any, file: UploadedFile | None, *, actor: Actor, at: datetime) -> Attachment:
    """Put a file to a part of a record; the same name becomes its next version. Raises Refused with a sentence."""
    if problem := file_problem(file):
        raise Refused(problem)
    assert file is not None
    with writing(actor, at):
        made = attach(part, file, name=file.name or "附件", by=actor.name, at=at)
        log("上传材料", record, {"材料": [None, f"{part}：{made.name}（第 {made.version} 版，{made.blob_id[:12]}）"]})
    return made


def take_off(record: Any, part: Any, attachment: int, *, actor: Actor, at: datetime) -> None:
    """Take a file off a part; its bytes stay for the history."""
    with writing(actor, at):
        row = attachments_of(part).select_for_update(of=("self",)).filter(pk=attachment).first()
        if row is None:
            raise Refused("没有这个文件，可能已经移除")
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        log("移除材料", record, {"材料": [f"{part}：{row.name}", None]})
