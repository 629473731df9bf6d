"""keji restore FILE: put a backup into an empty house."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from keji.site.backup import BackupError, check, restore


class Command(BaseCommand):
    help = "把备份恢复到空的数据文件夹或空的数据库；--check 只核对不恢复"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="只核对备份是否完好")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            if options["check"]:
                manifest = check(options["file"])
                self.stdout.write(f"备份完好：{len(manifest['members'])} 个成员，制作于 {manifest['made_at']}。")
                return
            call_command("migrate", verbosity=0)
            restore(options["file"], tell=self.stdout.write)
        except BackupError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write("恢复完成。请执行 keji audit verify 核验操作记录，再启动服务。")
