"""The fonts of this house: the bureau's own licensed files first, then what the machine has."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from keji.lib.paper.fonts import FOLDERS, Fonts, find


@lru_cache(maxsize=1)
def house_fonts() -> Fonts:
    """Looked up once a process, for it reads every font folder; files in DATA/fonts are preferred by their names."""
    own = settings.DATA / "fonts"
    return find(folders=(*([own] if own.is_dir() else []), *FOLDERS))
