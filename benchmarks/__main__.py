"""python -m benchmarks [names]: run some benchmarks, or all of them, and print their tables as Markdown."""

from __future__ import annotations

import sys
from importlib import import_module

#: In the order of README.md; the quick ones first.
NAMES = (
    "plan_read",
    "papers",
    "sheets",
    "audit_log",
    "excel_import",
    "facts_import",
    "rules",
    "draw",
    "assignment",
    "race",
    "reviews",
    "big_city",
)


def main(wanted: list[str]) -> int:
    if unknown := [name for name in wanted if name not in NAMES]:
        print(f"no benchmark called {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in wanted or NAMES:
        module = import_module(f"benchmarks.{name}")
        print(f"\n## {name}\n\n{(module.__doc__ or '').strip().splitlines()[0]}\n", flush=True)
        module.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
