"""Typed words made fit for an official paper."""

from __future__ import annotations

import re

_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_HAN = r"[\u4e00-\u9fff，。；：“”（）、]"
_BESIDE_HAN = re.compile(rf"(?<={_HAN})[,;:?!()]|[,;:?!()](?={_HAN})")


def official(text: str) -> str:
    """Half-width punctuation beside Chinese made full width; empty lines and spaces around a line left out."""
    lines = (line.strip() for line in text.replace("\r\n", "\n").split("\n"))
    joined = "\n".join(line for line in lines if line)
    for _ in range(2):  # the second round closes brackets whose other side was only now made full width
        joined = _BESIDE_HAN.sub(lambda found: _FULL[found[0]], joined)
    return joined
