"""keji audit verify: is the log whole?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from keji.kernel import clock
from keji.kernel.audit.log import take_head, verify


class Command(BaseCommand):
    help = "核验操作记录（verify）或留存当前根值（head）"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["verify", "head"])

    def handle(self, *_: Any, **options: Any) -> None:
        if options["what"] == "head":
            head = take_head(clock.now(), "命令行")
            self.stdout.write(f"{head.size} 条\nSHA-256 {head.sha256}\nSM3     {head.sm3}")
            return
        found = verify()
        self.stdout.write(found.message)
        for name, root in found.roots.items():
            self.stdout.write(f"{name:8}{root}")
        if not found.sound:
            sys.exit(1)
