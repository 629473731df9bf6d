"""The text of an uploaded plan, line by line, whatever kind of file it came as."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path

from keji.lib.plantext import PlanError
from keji.lib.plantext.sources import open_document

MOST_CHARACTERS = 400_000
MOST_UNPACKED = 200 * 1024 * 1024
_BREAKS = re.compile(r"\r\n|\r|\x0c|\x0b|\u2028|\u2029")


def text_of(content: bytes, name: str) -> str:
    """The plan's text with `\\n` between lines; raises PlanError with a sentence when it cannot be read."""
    if not content:
        raise PlanError(f"“{name}”是空文件，请检查后重新上传。")
    _check_size(content, name)
    with tempfile.TemporaryDirectory(prefix="keji-plan-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        lines = open_document(path)
    text = _BREAKS.sub("\n", "\n".join(lines)).replace("\x00", "").strip("\n\ufeff")
    if len(text) > MOST_CHARACTERS:
        raise PlanError(f"“{name}”有 {len(text):,} 个字，超过了 {MOST_CHARACTERS:,} 字的上限，请只上传工作要点本身。")
    return text


def _check_size(content: bytes, name: str) -> None:
    """A small .docx may unpack to gigabytes: look at what it declares before anything opens it."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as problem:
        raise PlanError(f"“{name}”已损坏，打不开，请用 Word 或 WPS 打开后另存为 .docx 再上传。") from problem
    if size > MOST_UNPACKED:
        raise PlanError(f"“{name}”解开后过大，不能读取，请去掉图片后再上传。")
