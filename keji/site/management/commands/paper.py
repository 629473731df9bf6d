"""`keji paper check FILE…`: what in a Word file departs from the official layout. Needs no database."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "检查公文格式（GB/T 9704-2012）：keji paper check 文件.docx …"
    requires_system_checks = ()  # type: ignore[assignment]

    def run_from_argv(self, argv: list[str]) -> None:
        """The checker has its own arguments: everything after `paper` goes to it untouched."""
        from keji.lib.paper.cli import main

        sys.exit(main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        self.run_from_argv(["keji", "paper", *map(str, args)])
