"""The race as a picture: the same SVG on the page and in the paper, so the two cannot differ."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import Any

from keji.lib.figures import format_number
from keji.lib.race.run import Run

COLOURS = ("#1b4f91", "#3f9aa8", "#d19a3a", "#7d6bb0", "#5f8f5b", "#9aa7b6", "#a8577e", "#c3362f")
FONT = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei',sans-serif"
WIDTH, LEFT, RIGHT, ROW = 720, 168, 84, 34


def contributions_svg(run: Run) -> bytes:
    """Stacked bars: what of each total is due to each indicator, best first; points below zero are drawn left."""
    ranked = [s for s in run.placings if s.total is not None]
    indicators = run.scheme.indicators
    names = {u.code: u.title for u in run.data.units}
    legend, top = _legend([i.title for i in indicators])
    totals = [
        sum((max(run.cells[s.unit][i.code].contribution, Fraction(0)) for i in indicators), Fraction(0)) for s in ranked
    ]
    most = max([*totals, Fraction(1)])
    least = min(
        [
            sum((min(run.cells[s.unit][i.code].contribution, Fraction(0)) for i in indicators), Fraction(0))
            for s in ranked
        ]
        + [Fraction(0)]
    )
    scale = Fraction(WIDTH - LEFT - RIGHT) / (most - least)
    zero = LEFT + -least * scale
    parts = [*legend]
    for row, placing in enumerate(ranked):
        y = top + row * ROW
        name = f"{placing.place}. {names[placing.unit]}"
        parts.append(_text(LEFT - 10, y + 16, name, anchor="end"))
        right, left = zero, zero
        for n, indicator in enumerate(indicators):
            due = run.cells[placing.unit][indicator.code].contribution
            width = abs(due) * scale
            if not width:
                continue
            at = right if due > 0 else left - width
            parts.append(
                f'<rect x="{_at(at)}" y="{y}" width="{_at(width)}" height="22" fill="{COLOURS[n % len(COLOURS)]}"/>'
            )
            right, left = (right + width, left) if due > 0 else (right, left - width)
        shown = format_number(placing.total, places=run.scheme.places)
        parts.append(_text(float(right) + 8, y + 16, f"{shown} 分"))
    height = top + len(ranked) * ROW + 8
    return _svg(height, parts)


def _legend(titles: list[str]) -> tuple[list[str], int]:
    parts, x, y = [], 10, 10
    for n, title in enumerate(titles):
        width = 26 + 14 * len(title)
        if x + width > WIDTH - 10:
            x, y = 10, y + 22
        parts.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{COLOURS[n % len(COLOURS)]}"/>')
        parts.append(_text(x + 17, y + 11, title, size=13))
        x += width
    return parts, y + 30


def _text(x: Any, y: int, words: str, *, anchor: str = "start", size: int = 14) -> str:
    return (
        f'<text x="{_at(x)}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="#1f2a37" '
        f'font-family="{FONT}">{escape(words)}</text>'
    )


def _at(value: Any) -> str:
    return f"{float(value):.2f}"


def _svg(height: int, parts: list[str]) -> bytes:
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>{body}</svg>'
    ).encode()
