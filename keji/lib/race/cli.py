"""`keji race rerun FILE`: recompute a published race from its own scheme and data. Needs no database."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from keji.lib.race.published import PublishedError, Rerun, rerun

MOST_SHOWN = 50


def main(argv: list[str] | None = None) -> int:
    """Exit code 0: the same digits; 1: something differs; 2: the file cannot be read."""
    parser = argparse.ArgumentParser(prog="keji race", description="重算公布的赛马计分文件")
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser("rerun", help="按文件里的方案和数据重算，逐项核对")
    again.add_argument("file", type=Path, metavar="文件")
    given = parser.parse_args(argv)
    try:
        found = rerun(given.file.read_bytes())
    except OSError as error:
        sys.stdout.write(f"{given.file.name}：不能打开文件（{error.strerror}）。\n")
        return 2
    except PublishedError as error:
        sys.stdout.write(f"{given.file.name}：{error}\n")
        return 2
    for line in lines(found):
        sys.stdout.write(f"{_plain(line)}\n")
    return 1 if found.differences else 0


def _plain(line: str) -> str:
    """Without control characters: the file comes from anywhere, and a terminal obeys them."""
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in line)


def lines(found: Rerun) -> list[str]:
    """What the command prints."""
    run = found.run
    titles = {u.code: u.title for u in run.data.units}
    groups = {g.code: g.title for g in run.scheme.groups}
    said = [f"{run.scheme.title} {run.scheme.edition} {run.data.period}", *run.log, f"内容摘要：{found.digest}"]
    group = ""
    for s in run.placings:
        if s.group != group:
            group = s.group
            said.append(f"【{groups[group]}】")
        place = f"第 {s.place} 名" if s.place else "不排名"
        said.append(f"{place}\t{titles[s.unit]}\t{'—' if s.printed is None else s.printed}\t{s.note}".rstrip())
    if not found.differences:
        return [*said, "重算结果与文件逐位一致。"]
    shown = [f"  {d}" for d in found.differences[:MOST_SHOWN]]
    more = len(found.differences) - len(shown)
    return [
        *said,
        f"重算结果与文件有 {len(found.differences)} 处不同：",
        *shown,
        *([f"  另有 {more} 处。"] if more else []),
    ]


if __name__ == "__main__":
    sys.exit(main())
