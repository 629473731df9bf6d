"""`keji urge`: remind sections that owe a progress note; meant for a nightly timer, harmless when run twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.modules.plan.services.urging import outlook, urge


class Command(BaseCommand):
    help = "催办没有按时报送督办进展的科室：每人一条汇总，休息日不催，三日内不重复"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, metavar="日期", help="只看这一天将要催办谁，不发送")
        parser.add_argument("--preview", action="store_true", help="只看今天将要催办谁，不发送")

    def handle(self, *args: Any, **options: Any) -> None:
        # Another day is only ever looked at: a reminder dated otherwise than it was sent would spoil the pauses.
        if options["on"] or options["preview"]:
            found = outlook(options["on"] or clock.today())
            if not found.working:
                self.stdout.write(f"{found.on} 是休息日，不催办。")
            for digest in found.digests:
                self.stdout.write(f"{digest.name}：{digest.text}")
            for name, last in found.quiet:
                self.stdout.write(f"{name}：{last} 刚催过，暂不重复。")
            return
        sent = urge(clock.today(), actor=Actor.system("定时任务"), at=clock.now())
        for digest in sent:
            self.stdout.write(f"已催办 {digest.name}：{len(digest.debts)} 项")
        self.stdout.write(f"共催办 {len(sent)} 人。")
