"""What each opens in the morning."""

from __future__ import annotations

from benchmarks.city.common import changed, plain
from benchmarks.web import Page


def grow() -> None:
    """Nothing to add."""


def pages() -> list[Page]:
    return [
        Page("home of an officer", "gaoxin", plain("/")),
        Page("home of an officer, after a certificate", "gaoxin", changed("/", "enterprises.Certification")),
        Page("home of the head", "juzhang", plain("/")),
        Page("home of a county", "jinan", plain("/")),
    ]
