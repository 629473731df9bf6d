"""The figures of a chart spec as a table, for readers who cannot see the drawing and for print.

One function per shape of spec; each returns (column titles, rows of cells). The drawing itself is static/keji/charts.js.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Spec = Mapping[str, Any]
Table = dict[str, Any]


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    return {"columns": list(columns), "rows": [list(row) for row in rows]}


def _with_unit(word: str, spec: Spec) -> str:
    return f"{word}（{spec['unit']}）" if spec.get("unit") else word


def _series(spec: Spec) -> Table:
    columns = [spec.get("category_label", ""), *(_with_unit(s["name"], spec) for s in spec["series"])]
    rows = [
        [name, *(s["values"][i] if i < len(s["values"]) else None for s in spec["series"])]
        for i, name in enumerate(spec["categories"])
    ]
    return _table(columns, rows)


def _items(spec: Spec) -> Table:
    rows = [[item.get("label") or item.get("name"), item.get("value")] for item in spec["items"]]
    rows += [[p.get("label") or p.get("name"), p.get("value")] for p in spec.get("points", ())]
    return _table(["", _with_unit(spec.get("value_label", "数值"), spec)], rows)


def _progress(spec: Spec) -> Table:
    columns = ["", _with_unit("完成值", spec), _with_unit("目标值", spec)]
    return _table(columns, [[i["label"], i.get("value"), i.get("target")] for i in spec["items"]])


def _interval(spec: Spec) -> Table:
    columns = ["", _with_unit("得分", spec), "下限", "上限"]
    return _table(columns, [[i["label"], i.get("value"), i.get("low"), i.get("high")] for i in spec["items"]])


def _waterfall(spec: Spec) -> Table:
    rows = [
        [spec["start"]["label"], spec["start"]["value"]],
        *([s["label"], s["value"]] for s in spec["steps"]),
        [spec["end"]["label"], spec["end"]["value"]],
    ]
    return _table(["项目", _with_unit("数值", spec)], rows)


def _sankey(spec: Spec) -> Table:
    columns = ["从", "到", _with_unit("数值", spec)]
    return _table(columns, [[link["source"], link["target"], link["value"]] for link in spec["links"]])


def _gauge(spec: Spec) -> Table:
    return _table(
        ["", _with_unit("数值", spec)], [[spec.get("label", "完成"), spec["value"]], ["目标", spec.get("target")]]
    )


def _radar(spec: Spec) -> Table:
    columns = ["", *(s["name"] for s in spec["series"])]
    return _table(
        columns, [[a["label"], *(s["values"][i] for s in spec["series"])] for i, a in enumerate(spec["axes"])]
    )


def _heatmap(spec: Spec) -> Table:
    grid: list[list[Any]] = [[None] * len(spec["columns"]) for _ in spec["rows"]]
    for cell in spec["cells"]:
        column, row, value = cell[:3]
        grid[row][column] = value
    return _table(["", *spec["columns"]], [[name, *grid[i]] for i, name in enumerate(spec["rows"])])


def _scatter(spec: Spec) -> Table:
    columns = ["", spec.get("x_label", "横轴"), spec.get("y_label", "纵轴")]
    return _table(columns, [[i["label"], i["x"], i["y"]] for i in spec["items"]])


SHAPES: dict[str, Callable[[Spec], Table]] = {
    "bar": _series,
    "line": _series,
    "stack": _series,
    "pie": _items,
    "map": _items,
    "progress": _progress,
    "interval": _interval,
    "waterfall": _waterfall,
    "sankey": _sankey,
    "gauge": _gauge,
    "radar": _radar,
    "heatmap": _heatmap,
    "scatter": _scatter,
}


def chart_table(spec: Spec) -> Table:
    if spec["kind"] not in SHAPES:
        raise ValueError(f"没有这种图：{spec['kind']}；可用：{'、'.join(SHAPES)}")
    return SHAPES[spec["kind"]](spec)
