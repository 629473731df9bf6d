"""`keji paper check FILE…`: the format checker, which needs no database; the words go to it as they are."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from keji.lib.paper import cli


class Command(BaseCommand):
    help = "检查 .docx 文件的公文格式（GB/T 9704）"
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Before any connection is looked at; the exit code says whether errors were found."""
        sys.exit(cli.main(argv[2:]))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        if code := cli.main(options["words"]):
            sys.exit(code)
