"""`keji race rerun FILE`: recompute a published race; needs no database, so the words go to it as they are."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from keji.lib.race import cli


class Command(BaseCommand):
    help = "重算公布的赛马计分文件：keji race rerun 文件"
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Before any connection is looked at; the exit code says whether something differs."""
        sys.exit(cli.main(argv[2:]))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        if code := cli.main(options["words"]):
            sys.exit(code)
