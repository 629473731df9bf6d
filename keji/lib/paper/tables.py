"""Table arithmetic: what each cell prints, which edge it keeps, how wide its column is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from keji.lib.paper.layout import PT_PER_MM, TABLE_PT, TEXT_WIDTH_PT, WIDE_TABLE_PT, display_width, one_line
from keji.lib.paper.model import Align, Table, Value
from keji.lib.paper.titles import break_lines

#: Room the borders and cell edges take, in characters.
_EDGES = 0.8
_LYING_WIDTH_PT = (297 - 37 - 35) * PT_PER_MM


def _is_number(value: Value) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _decimals(values: Sequence[Value]) -> int:
    scales = [-int(str(v.as_tuple().exponent)) for v in values if isinstance(v, Decimal) and v.is_finite()]
    return min(max([0, *scales]), 12)


def _cell(value: Value, decimals: int) -> str:
    if value is None:
        return "—"
    if isinstance(value, str):
        return one_line(value)
    number = Decimal(value)
    if not number.is_finite():
        return "—"
    return f"{number:.{decimals}f}" if abs(number) < 10**15 else str(value)


def table_cells(table: Table) -> tuple[list[list[str]], list[Align]]:
    """Cells as text and each column's edge: numbers of one column share their decimals, so their points line up."""
    columns: list[list[str]] = []
    aligns: list[Align] = []
    for index, column in enumerate(table.columns):
        values = [row[index] for row in table.rows]
        decimals = _decimals(values)
        columns.append([_cell(value, decimals) for value in values])
        if column.align:
            aligns.append(column.align)
        elif any(_is_number(value) for value in values):
            aligns.append("right")
        else:
            short = all(display_width(text) <= 6 for text in columns[-1])
            aligns.append("center" if short else "left")
    return [list(row) for row in zip(*columns, strict=True)], aligns


def table_size_pt(table: Table) -> float:
    return WIDE_TABLE_PT if table.wide else TABLE_PT


def _heads(table: Table) -> list[tuple[str, str]]:
    return [(one_line(col.title), f"（{one_line(col.unit)}）" if col.unit else "") for col in table.columns]


def column_weights(table: Table, lying: bool = False) -> list[float]:
    """Shares of the table's width, from what the columns hold unless the author says otherwise."""
    cells, _ = table_cells(table)
    heads = [display_width(title + unit) for title, unit in _heads(table)]
    halves = [max(display_width(title) / 2 + 0.5, display_width(unit)) for title, unit in _heads(table)]
    bodies = [max((display_width(row[index]) for row in cells), default=0.0) for index in range(len(heads))]
    weights = _weights(heads, bodies)
    if sum(weights) > _room(table, lying):  # long heads may then break over two lines
        weights = _weights(halves, bodies)
    if all(column.width for column in table.columns):
        weights = [float(column.width or 0) for column in table.columns]
    else:  # beside columns that take what they hold, a weight is in characters, and no column is a mere slit
        slit = 2.0 + _EDGES + 0.4
        weights = [max(float(c.width or w), min(w, slit)) for c, w in zip(table.columns, weights, strict=True)]
    total = sum(weights)
    return [weight / total for weight in weights]


def _room(table: Table, lying: bool) -> float:
    return (_LYING_WIDTH_PT if lying else TEXT_WIDTH_PT) / table_size_pt(table)


def _weights(heads: Sequence[float], bodies: Sequence[float]) -> list[float]:
    return [min(max(head, body, 2.0), 16.0) + _EDGES + 0.4 for head, body in zip(heads, bodies, strict=True)]


def header_cells(table: Table, lying: bool = False) -> list[list[str]]:
    """Each column's head as lines that fit it; a unit that does not fit beside its title goes under it."""
    result = []
    for (title, unit), weight in zip(_heads(table), column_weights(table, lying), strict=True):
        room = max(weight * _room(table, lying) - _EDGES, 2.0)
        if display_width(title + unit) <= room:
            result.append([title + unit])
        else:
            result.append(break_lines(title, room) + ([unit] if unit else []))
    return result
