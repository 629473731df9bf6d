"""keji demo: fill an empty house with the made-up city and let it live in its own year."""

import json
import time
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from keji.demo.people import ACCOUNTS, PASSWORD
from keji.demo.year import tell_the_year
from keji.kernel import clock
from keji.kernel.people.models import Account


class Command(BaseCommand):
    help = "装载演示城市（只能装进空的数据文件夹）"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--scale", type=Fraction, default=Fraction(1), help="企业数量的倍数，测速用")

    def handle(self, *_: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if Account.objects.exists():
            raise CommandError("这里已经有数据，演示城市只能装进空的数据文件夹。")
        started = time.monotonic()
        self.stdout.write("装载演示城市（只需一次）……")
        moment = tell_the_year(scale=options["scale"], tell=lambda text: self.stdout.write(f"  {text}"))
        clock.start_from(moment, settings.DATA)
        about = {"password": PASSWORD, "accounts": [[a.username, a.title] for a in ACCOUNTS]}
        (settings.DATA / "demo.json").write_text(json.dumps(about, ensure_ascii=False))
        self.stdout.write(f"演示城市已装载，用时 {time.monotonic() - started:.0f} 秒。")
