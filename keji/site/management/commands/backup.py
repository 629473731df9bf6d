"""keji backup FILE: the whole house in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from keji.site.backup import backup


class Command(BaseCommand):
    help = "把数据库、附件和密钥备份到一个文件"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--no-keys", action="store_true", help="不含密钥（密钥须另行保管，否则不能恢复加密的个人信息）"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        manifest = backup(options["file"], keys=not options["no_keys"], tell=self.stdout.write)
        rows = sum(m.get("rows", 0) for m in manifest["members"].values())
        files = sum(name.startswith("files/") for name in manifest["members"])
        self.stdout.write(f"备份完成：{options['file']}，{rows:,} 行数据，{files:,} 个附件。")
        if not options["no_keys"]:
            self.stdout.write("文件内含密钥和个人信息，请按涉密介质保管。")
