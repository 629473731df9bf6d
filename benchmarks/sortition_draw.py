"""The same draw in sortition-algorithms, run by an interpreter that has it: never by this project's own.

    python sortition_draw.py instance.json

reads people and quotas, finds the maximin lottery, prints seconds and odds as JSON. It imports nothing
of this project.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from sortition_algorithms.committee_generation import find_distribution_maximin
from sortition_algorithms.features import read_in_features
from sortition_algorithms.people import read_in_people
from sortition_algorithms.settings import Settings
from sortition_algorithms.utils import set_random_provider


def main(path: str) -> None:
    case = json.loads(Path(path).read_text(encoding="utf-8"))
    set_random_provider(20240501)
    head = ["feature", "value", "min", "max"]
    rows = [dict(zip(head, map(str, row), strict=True)) for row in case["quotas"]]
    features, *_ = read_in_features(head, rows)
    settings = Settings(
        id_column="id", columns_to_keep=[], check_same_address=True, check_same_address_columns=["employer"]
    )
    people, _ = read_in_people(list(case["people"][0]), case["people"], features, settings)
    started, used = time.perf_counter(), time.process_time()
    panels, chances, _ = find_distribution_maximin(features, people, case["size"], ["employer"])
    found = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - used}
    odds = dict.fromkeys((p["id"] for p in case["people"]), 0.0)
    for panel, chance in zip(panels, chances, strict=True):
        for person in panel:
            odds[person] += chance
    print(json.dumps(found | {"odds": odds, "panels": len(panels)}))


if __name__ == "__main__":
    main(sys.argv[1])
