"""Compiling a function once and keeping the result on disk, where there is a folder to keep it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Any:
    """The compiled function; compiled anew in each process where no folder for it can be written."""
    try:
        return njit(cache=True)(function)
    except RuntimeError:
        return njit(function)
