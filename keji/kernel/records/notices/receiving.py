"""What comes in from visitors without an account: an objection, and later the question what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.models import attach
from keji.kernel.people.crypto import fingerprint
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.notices.models import PublicNotice
from keji.kernel.records.notices.objections import Objection, PublicAct
from keji.kernel.records.notices.period import answer_workdays
from keji.kernel.records.saving import whole
from keji.kernel.rules.models import parameter

#: Nobody's account, and not the platform either: whoever stands before the public pages.
VISITOR = Actor(id=0, name="社会公众")
MOST_BYTES = 10 * 1024 * 1024
#: ending → how such a file begins; what begins otherwise is not what its name says.
BEGINNINGS = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
}
OBJECTING, ASKING = "objecting", "asking"
LIMITS = {OBJECTING: "public.objections_per_hour", ASKING: "public.lookups_per_hour"}


def raise_objection(
    notice: PublicNotice,
    *,
    token: UUID,
    reason: str,
    name: str = "",
    contact: str = "",
    file: UploadedFile | None = None,
    address: str,
    at: datetime,
) -> Objection:
    """Take an objection in and return it with its receipt; the same `token` and reason twice is one objection.

    Raises Refused with a sentence when the notice is not open, the address has sent too many, or the file is odd.
    """
    with writing(VISITOR, at):
        notice = PublicNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        if (same := Objection.objects.filter(token=token).first()) is not None:
            if same.reason == reason.strip() and same.notice_id == notice.pk:
                return same
            token = uuid4()  # went back and wrote another one
        if why := objection_refusal(notice, at):
            raise Refused(why)
        if file is not None and (why := file_problem(file)):
            raise Refused(why)
        if why := too_many(OBJECTING, address, at):
            raise Refused(why)
        made = Objection(
            number=next_numbers(Objection.prefix, timezone.localtime(at).year)[0],
            notice=notice,
            token=token,
            named=bool(name.strip()),
            name=whole(name, 60, "姓名"),
            contact=whole(contact, 100, "联系方式"),
            reason=reason.strip(),
            raised_at=at,
            answer_workdays=answer_workdays(day_of(at)),
        )
        stamp(made, actor=VISITOR, at=at, state=Objection.State.RAISED, source=Source.PARTY)
        made.created_by_id = None
        made.save()
        if file is not None:
            attach(made, file, name=clean_name(file.name or "附件"), by=VISITOR.name, at=at, purpose="异议材料")
        note_act(OBJECTING, address, at)
        log("提出公示异议", made, {"公示": [None, notice.number], "实名": [None, made.named]})
    return made


def objection_refusal(notice: PublicNotice, at: datetime) -> str:
    """Why no objection can be raised against this notice now; "" when one can."""
    if notice.kind != PublicNotice.Kind.NOTICE:
        return "这不是公示，不受理异议"
    if notice.state == PublicNotice.State.WITHDRAWN:
        return "这份公示已经撤回"
    if not notice.open_on(day_of(at)):
        return "公示期已经结束，不再受理异议" if notice.is_shown else "这份公示还没有发布"
    return ""


def file_problem(file: UploadedFile) -> str:
    """Why this file is not taken; "" when it is. Looks at how it begins, not only at its name."""
    ending = (file.name or "").rsplit(".", 1)[-1].lower()
    if ending not in BEGINNINGS:
        return "附件只接受 PDF、Word（.docx）、Excel（.xlsx）和图片（.jpg、.png）"
    if (file.size or 0) > MOST_BYTES:
        return f"附件超过 {MOST_BYTES // 1024 // 1024} MB，请压缩后再上传"
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    if not head.startswith(BEGINNINGS[ending]):
        return f"附件的内容不是 .{ending} 文件，请核对后重新选择"
    return ""


def clean_name(name: str) -> str:
    """A file's name without folders and without signs that do not print."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in plain if c.isprintable())[-100:] or "附件"


def too_many(kind: str, address: str, at: datetime) -> str:
    """A sentence when this address has done so too often within the hour; "" while it may go on."""
    most = int(parameter(LIMITS[kind], day_of(at)))
    hour = at - timedelta(hours=1)
    if PublicAct.objects.filter(kind=kind, address=fingerprint(address), at__gt=hour).count() < most:
        return ""
    return "同一网络地址一小时内提交的次数过多，请稍后再试，或按公示写明的受理方式联系我们"


def note_act(kind: str, address: str, at: datetime) -> None:
    """Remember one act for a day, under a digest that does not give the address away."""
    PublicAct.objects.filter(at__lt=at - timedelta(days=1)).delete()
    PublicAct.objects.create(kind=kind, address=fingerprint(address), at=at)


def find_by_receipt(number: str, code: str, *, address: str, at: datetime) -> Objection:
    """The objection a receipt belongs to. Raises Refused; wrong tries are counted, so that nobody tries all codes."""
    if why := too_many(ASKING, address, at):
        raise Refused(why)
    found: Any = Objection.objects.filter(number=number.strip().upper()).select_related("notice").first()
    if found is None or not found.is_code(code):
        note_act(ASKING, address, at)
        raise Refused("回执编号或查询码不对，请按回执逐字核对")
    return found  # type: ignore[no-any-return]
