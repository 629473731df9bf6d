"""keji run: everything on one machine in one command: tables, static files, web server, background worker."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from keji.kernel.people.models import Account
from keji.site.demo_house import demo_house

GUNICORN = "-m gunicorn keji.site.wsgi:application --worker-class gthread --workers 2 --threads 4 --timeout 120".split()
QUIET = "--log-level warning --access-logfile /dev/null --no-control-socket".split()
KEJI = ["-m", "keji.cli"]


class Command(BaseCommand):
    help = "在一台机器上启动全部：建表、网页服务、后台进程；--demo 装载演示城市"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--addr", default="127.0.0.1:8000")
        parser.add_argument("--demo", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if options["demo"]:
            self._load_demo()
        self.stdout.write(f"\n  科技工作一本账  http://{options['addr']}\n")
        self._tell_who(options["demo"])
        self._serve(options["addr"])

    def _load_demo(self) -> None:
        if settings.DEMO and Account.objects.exists():
            return
        if Account.objects.exists():
            raise CommandError(f"{settings.DATA} 里是真实数据，不能装载演示城市。请用 KEJI_DATA 指定另一个文件夹。")
        # A process of its own: the marker it leaves is read by the settings of every process started after it.
        if subprocess.call([sys.executable, *KEJI, "demo"]) != 0:
            raise CommandError("演示城市没有装载成功，上面写明了原因。")

    def _tell_who(self, demo: bool) -> None:
        if demo:
            about = demo_house(settings.DATA)
            for username, title in about["accounts"]:
                self.stdout.write(f"  {username:<14}{title}")
            self.stdout.write(f"  密码都是 {about['password']}\n")
        elif not Account.objects.exists():
            self.stdout.write("  还没有账号：打开上面的地址，建立首个安全管理员。\n")
        self.stdout.write("  按 Ctrl+C 停止。\n")
        self.stdout.flush()

    def _serve(self, address: str) -> None:
        commands = [[sys.executable, *GUNICORN, *QUIET, "--bind", address], [sys.executable, *KEJI, "work"]]
        running = [subprocess.Popen(c, cwd=Path(__file__).resolve().parents[4]) for c in commands]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            while True:
                time.sleep(1)
                if running[0].poll() is not None:
                    raise CommandError(f"网页服务已停止（代码 {running[0].returncode}）。端口 {address} 可能被占用。")
                if running[1].poll() is not None:
                    running[1] = subprocess.Popen(commands[1])
        except KeyboardInterrupt:
            self.stdout.write("正在停止……")
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=20)
