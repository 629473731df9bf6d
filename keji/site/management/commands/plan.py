"""`keji plan read FILE`: read a plan document from the command line. Needs no database."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "读取工作要点文件：keji plan read 文件 [--json|--xlsx 输出]"
    requires_system_checks = ()  # type: ignore[assignment]

    def run_from_argv(self, argv: list[str]) -> None:
        """The reader has its own arguments: everything from `plan` on goes to it untouched."""
        from keji.lib.plantext.cli import main

        sys.exit(main(argv[1:]))

    def handle(self, *args: Any, **options: Any) -> None:
        self.run_from_argv(["keji", "plan", *map(str, args)])
