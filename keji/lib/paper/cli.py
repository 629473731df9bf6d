"""`paper check FILE…`: what in a Word file departs from the official layout."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from keji.lib.paper.check import check
from keji.lib.paper.model import PaperError


def main(argv: list[str] | None = None) -> int:
    """Exit code 0: nothing wrong; 1: errors found; 2: a file cannot be read."""
    parser = argparse.ArgumentParser(prog="keji paper", description="公文格式检查（GB/T 9704-2012）")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="检查.docx文件的公文格式")
    checking.add_argument("files", nargs="+", type=Path, metavar="文件")
    given = parser.parse_args(argv)
    return max(_check(path) for path in given.files)


def _check(path: Path) -> int:
    try:
        findings = check(path.read_bytes())
    except OSError as error:
        sys.stdout.write(f"{path.name}：不能打开文件（{error.strerror}）。\n")
        return 2
    except PaperError as error:
        sys.stdout.write(f"{path.name}：{error}\n")
        return 2
    errors = sum(item.severity == "error" for item in findings)
    for item in findings:
        sys.stdout.write(f"{item}\n")
    if findings:
        sys.stdout.write(f"{path.name}：{errors}处错误，{len(findings) - errors}处提醒。\n")
    else:
        sys.stdout.write(f"{path.name}：未发现格式问题。\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
