"""Builds keji/site/static/keji/icons.svg: the few outline icons the pages use, as one sprite.

    python tools/icons.py DIRECTORY     # the unpacked @tabler/icons package, holding icons/outline/*.svg

Add a name below, run it again, commit both. `{% icon "name" %}` refers to these names; tests/test_look.py finds those
missing here.
"""

import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "keji/site/static/keji/icons.svg"

WANTED = """
home layout-dashboard list-check checklist clipboard-check clipboard-list target-arrow target sitemap
chart-bar chart-line chart-histogram map-2 trending-up trending-down
building building-factory-2 building-community building-bank building-warehouse school flask microscope bulb cpu plant-2
user users user-circle user-check certificate rosette-discount-check award trophy medal flag star bookmark
file-text file-spreadsheet file-download file-upload file-certificate files folder archive paperclip book notebook
download upload plus pencil trash search filter filter-off adjustments settings
bell inbox mail message phone send logout login key lock lock-open shield-check shield-lock eye eye-off
chevron-right chevron-left chevron-down chevron-up arrow-up arrow-down arrow-right arrow-back-up arrows-sort
check checks circle circle-check circle-x circle-dot circle-dashed circle-minus circle-arrow-up ban x minus
alert-triangle alert-circle alert-octagon info-circle help
clock calendar calendar-event calendar-time history hourglass timeline refresh progress
copy link external-link printer menu-2 dots list table columns keyboard
gavel scale dice-5 coin cash report-money receipt contract briefcase puzzle heart-handshake tools stack-2 database
api world id mail-forward tractor bug
"""
NAMES = sorted(set(WANTED.split()))

INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.S)
INVISIBLE = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def symbol(folder: Path, name: str) -> str:
    found = INNER.search((folder / f"{name}.svg").read_text(encoding="utf-8"))
    assert found, name
    drawing = re.sub(r"\s+", " ", INVISIBLE.sub("", found[1])).strip().replace("> <", "><")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def main() -> None:
    folder = Path(sys.argv[1]) / "icons/outline"
    body = "\n".join(symbol(folder, name) for name in NAMES)
    # Stroke and fill come from the referring <svg class="icon">, so one sprite serves every colour.
    TARGET.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n'
        f"<!-- Tabler Icons 3.51.0, MIT: see THIRD_PARTY/. Built by tools/icons.py. -->\n{body}\n</svg>\n",
        encoding="utf-8",
    )
    print(f"{TARGET}: {len(NAMES)} icons, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
