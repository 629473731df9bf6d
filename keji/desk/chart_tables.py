"""The figures of a chart spec as a table, for readers who cannot see the drawing and for print.

One function per shape of spec. The drawing itself is static/keji/charts.js.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Spec = Mapping[str, Any]
Table = dict[str, Any]


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]], urls: Sequence[str | None] = ()) -> Table:
    """Rows keep the addresses the drawing opens by a click, so a keyboard reaches them too."""
    links = [*urls, *[None] * (len(rows) - len(urls))]
    return {"columns": list(columns), "rows": [{"cells": list(r), "url": u} for r, u in zip(rows, links, strict=True)]}


def _with_unit(word: str, spec: Spec) -> str:
    return f"{word}（{spec['unit']}）" if spec.get("unit") else word


def _each(spec: Spec, columns: Sequence[str], *keys: str) -> Table:
    items = spec["items"]
    rows = [[item["label"], *(item.get(key) for key in keys)] for item in items]
    return _table(columns, rows, [item.get("url") for item in items])


def _series(spec: Spec) -> Table:
    series = spec["series"]
    columns = [spec.get("category_label", ""), *(_with_unit(s["name"], spec) for s in series)]
    rows = [
        [name, *(s["values"][i] if i < len(s["values"]) else None for s in series)]
        for i, name in enumerate(spec["categories"])
    ]
    return _table(columns, rows, series[0].get("urls", ()) if len(series) == 1 else ())


def _items(spec: Spec) -> Table:
    items = [*spec["items"], *spec.get("points", ())]
    rows = [[item.get("label") or item.get("name"), item.get("value")] for item in items]
    columns = ["", _with_unit(spec.get("value_label", "数值"), spec)]
    return _table(columns, rows, [item.get("url") for item in items])


def _progress(spec: Spec) -> Table:
    columns = ["", _with_unit("完成值", spec), _with_unit("目标值", spec), _with_unit("序时应完成", spec)]
    return _each(spec, columns, "value", "target", "pace")


def _interval(spec: Spec) -> Table:
    return _each(spec, ["", _with_unit("得分", spec), "下限", "上限"], "value", "low", "high")


def _scatter(spec: Spec) -> Table:
    return _each(spec, ["", spec.get("x_label", "横轴"), spec.get("y_label", "纵轴")], "x", "y")


def _waterfall(spec: Spec) -> Table:
    bars = [spec["start"], *spec["steps"], spec["end"]]
    rows = [[bar["label"], bar["value"]] for bar in bars]
    return _table(["项目", _with_unit("数值", spec)], rows, [bar.get("url") for bar in bars])


def _sankey(spec: Spec) -> Table:
    links, labels = spec["links"], {node["name"]: node["label"] for node in spec["nodes"]}
    rows = [[labels[link["source"]], labels[link["target"]], link["value"]] for link in links]
    return _table(["从", "到", _with_unit("数值", spec)], rows, [link.get("url") for link in links])


def _gauge(spec: Spec) -> Table:
    rows = [[spec.get("value_label", "完成"), spec["value"]], [spec.get("label", "目标"), spec.get("target")]]
    return _table(["", _with_unit("数值", spec)], rows, [spec.get("url")])


def _radar(spec: Spec) -> Table:
    columns = ["", *(s["name"] for s in spec["series"])]
    rows = [[a["label"], *(s["values"][i] for s in spec["series"])] for i, a in enumerate(spec["axes"])]
    return _table(columns, rows)


def _heatmap(spec: Spec) -> Table:
    grid: list[list[Any]] = [[None] * len(spec["columns"]) for _ in spec["rows"]]
    for column, row, value, *_ in spec["cells"]:
        grid[row][column] = value
    return _table(["", *spec["columns"]], [[name, *grid[i]] for i, name in enumerate(spec["rows"])])


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
