"""Checking what the house printed: a root of the log, a digest of a notice, a file somebody was sent."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from keji.kernel.audit.log import current_roots
from keji.kernel.audit.models import Head
from keji.kernel.clock import day_of
from keji.kernel.documents.models import Paper
from keji.kernel.records.notices import PublicNotice
from keji.lib.figures import plain_date
from keji.site.public.frame import asked_for, open_page, show

SHORTEST = 16  # signs of a digest that are enough to tell it from all others here
FULL = 64
MOST_BYTES = 20 * 1024 * 1024
PAGE_SIZE = 20


@dataclass(frozen=True)
class Found:
    """What a digest or a file turned out to be."""

    sound: bool
    title: str
    text: str
    url: str = ""


def tidy(typed: str) -> str:
    """The digits of a digest as people type them off a page: spaces, colons and capitals do not matter."""
    return re.sub(r"[\s:：·-]", "", typed).lower()


def check_digest(typed: str) -> Found:
    """Is it one the house printed? Roots and notices from their first 16 digits on, files by the whole digest only."""
    digest = tidy(typed)
    if not re.fullmatch(r"[0-9a-f]+", digest) or not SHORTEST <= len(digest) <= FULL:
        return Found(False, "看不出是根值或指纹", f"请输入 {SHORTEST} 至 {FULL} 位的数字和字母 a–f，可以带空格。")
    head = Head.objects.filter(Q(sha256__startswith=digest) | Q(sm3__startswith=digest)).order_by("pk").first()
    if head is not None:
        where = f"，刊印于{head.printed_in}" if head.printed_in else ""
        name = "SHA-256" if head.sha256.startswith(digest) else "SM3"
        day = plain_date(day_of(head.at))
        text = f"{name} 根值，当时操作记录共 {head.size:,} 条，{day}留存{where}。"
        return Found(True, "这是本系统留存的根值", text)
    size, roots = current_roots()
    if any(root.startswith(digest) for root in roots.values()):
        return Found(True, "这是当前的根值", f"操作记录现有 {size:,} 条。")
    notice = PublicNotice.objects.shown().filter(digest__startswith=digest).first()
    if notice is not None:
        return Found(True, "这是一份公示的内容指纹", f"{notice.number} {notice.title}", notice.public_url())
    if len(digest) == FULL and (file := of_file(digest)) is not None:
        return file
    return Found(False, "没有查到", "它不是本系统留存的根值，也不是已发布公示、已印发公文的指纹。请逐字核对后再试。")


def of_file(digest: str) -> Found | None:
    """Which issued paper or published file has exactly these bytes; None when none has."""
    paper = Paper.objects.filter(Q(docx=digest) | Q(pdf=digest), state=Paper.State.ISSUED).first()
    if paper is not None:
        later = paper.corrections.filter(state=Paper.State.ISSUED).first()
        more = f"注意：它已由 {later.number} 更正。" if later else ""
        issued = f"，{plain_date(paper.issued_on)}印发" if paper.issued_on else ""
        return Found(True, "与印发的公文一致", f"{paper.number} {paper.title}{issued}，一个字节都没有改动。{more}")
    for notice in PublicNotice.objects.shown().exclude(files=[]).only("number", "title", "files", "state"):
        if any(f["sha256"] == digest for f in notice.files):
            return Found(True, "与公示的附件一致", f"{notice.number} {notice.title}", notice.public_url())
    return None


def check_file(file: UploadedFile | None) -> Found:
    """Is this file one the house issued? It is only read through, never kept."""
    if file is None:
        return Found(False, "没有选择文件", "请选择要核验的 Word 或 PDF 文件。")
    if (file.size or 0) > MOST_BYTES:
        return Found(False, "文件太大", f"核验的文件不超过 {MOST_BYTES // 1024 // 1024} MB。")
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return of_file(digest.hexdigest()) or Found(
        False,
        "不是本系统印发的文件",
        f"“{file.name}”与已印发的公文、已发布的附件都不一致：可能被改动过，或者另存、转换过格式。请用原始文件核验。",
    )


@open_page
def page(request: HttpRequest) -> HttpResponse:
    """The roots, a box for a digest, a box for a file."""
    typed = asked_for(request, "q", 200)
    found: Found | None = check_digest(typed) if typed else None
    if request.method == "POST":
        found = check_file(request.FILES.get("file"))
    size, roots = current_roots()
    pages = Paginator(Head.objects.order_by("-size", "-pk"), PAGE_SIZE)
    shown = pages.get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page_title": "核验",
        "found": found,
        "typed": typed,
        "size": size,
        "roots": roots,
        "page": shown,
        "numbers": pages.get_elided_page_range(shown.number, on_each_side=1, on_ends=1),
    }
    return show(request, "public/verify.html", context)
