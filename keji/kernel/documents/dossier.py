"""A dossier: many files in one ZIP with an index and every file's digest; the same files give the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

INDEX = "目录.txt"
STILL = (1980, 1, 1, 0, 0, 0)  # the ZIP's own dates would make the same dossier differ from day to day


@dataclass(frozen=True)
class Item:
    """One file of a dossier: where it stands, under which heading, its bytes."""

    folder: str
    name: str
    content: bytes


def _plain(name: str) -> str:
    """A name that no system reads as a path."""
    return "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in name).strip(". ") or "文件"


def dossier(title: str, items: Sequence[Item], *, notes: Sequence[str] = ()) -> bytes:
    """The ZIP: numbered files in the given order, and an index with sizes and SHA-256 digests.

    Two files of one name in one folder are told apart by their number. ValueError when there is none.
    """
    if not items:
        raise ValueError("没有可以归档的文件")
    lines = [title, *notes, "", "序号\t文件\t字节\tSHA-256"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for serial, item in enumerate(items, 1):
            path = f"{_plain(item.folder)}/{serial:03d} {_plain(item.name)}"
            lines.append(f"{serial}\t{path}\t{len(item.content)}\t{hashlib.sha256(item.content).hexdigest()}")
            _put(archive, path, item.content)
        _put(archive, INDEX, ("\n".join(lines) + "\n").encode())
    return out.getvalue()


def _put(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(path, date_time=STILL)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)
