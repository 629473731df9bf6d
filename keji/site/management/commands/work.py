"""keji work: does queued jobs, takes up interrupted ones, and starts what the timetable says."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from keji.kernel.jobs.runner import resume_stale
from keji.site.timetable import start_due

CHECK_EVERY = 20


class Command(BaseCommand):
    help = "后台进程：执行上传、导出和每日任务"

    def handle(self, *_: Any, **__: Any) -> None:
        threading.Thread(target=self._keep_time, daemon=True).start()
        call_command("db_worker", interval=0.5, verbosity=0)

    @staticmethod
    def _keep_time() -> None:
        while True:
            try:
                resume_stale()
                start_due()
            finally:
                connection.close()
            time.sleep(CHECK_EVERY)
