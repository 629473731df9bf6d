"""The race of the counties."""

from __future__ import annotations

from benchmarks.city.common import changed, plain
from benchmarks.web import Page


def grow() -> None:
    """Nothing to add: a city has eight counties."""


def pages() -> list[Page]:
    return [
        Page("race", "guihua", plain("/horserace/")),
        Page("race, after a certificate", "guihua", changed("/horserace/", "enterprises.Certification")),
        Page("race of a county", "jinan", plain("/horserace/mine")),
    ]
