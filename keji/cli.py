"""The `keji` command: plan, paper, race, audit, run, backup, restore, doctor."""

from __future__ import annotations

import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Hand the words to Django's command runner, where every subcommand is a file of its own."""
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(words: list[str]) -> int:
    if words[:1] == ["plan"]:  # reading a text and checking a Word file need no database and answer at once
        from keji.lib.plantext.cli import main as plan

        return plan(words)
    if words[:1] == ["paper"]:
        from keji.lib.paper.cli import main as paper

        return paper(words[1:])
    if words[:1] == ["race"]:  # anybody who holds a published file can recompute it
        from keji.lib.race.cli import main as race

        return race(words[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keji.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["keji", *words])
    return 0


if __name__ == "__main__":
    sys.exit(main())
