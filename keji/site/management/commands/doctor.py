"""keji doctor: what is missing or wrong, in sentences."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from keji.site.doctor import examine

MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}


class Command(BaseCommand):
    help = "检查本系统缺什么、哪里不对"
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        worst = "ok"
        for level, sentence in examine():
            self.stdout.write(f"{MARKS[level]} {sentence}")
            worst = level if level == "bad" else worst
        if worst == "bad":
            sys.exit(1)
