"""What is missing or wrong with this house, in sentences."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.documents.fonts import house_fonts
from keji.kernel.documents.models import Blob
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import STALE
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Role
from keji.kernel.rules.models import Regulation
from keji.lib.rules.rule import rules
from keji.site.api.services import ending_soon

LITTLE_SPACE = 2 * 2**30


def examine() -> Iterator[tuple[str, str]]:
    """("ok" | "warn" | "bad", sentence) for everything looked at."""
    if _behind():
        yield "bad", "数据库结构不是最新，请执行 keji migrate。"
        return  # whatever else is asked would ask tables that are not there yet
    yield from _database()
    yield from _people()
    yield from _calendar()
    yield from _files()
    yield from _surroundings()


def _behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _database() -> Iterator[tuple[str, str]]:
    yield "ok", f"数据库结构是最新的（{connection.vendor}）。"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            answer = cursor.execute("PRAGMA quick_check").fetchone()[0]
        yield ("ok", "SQLite 文件完好。") if answer == "ok" else ("bad", f"SQLite 文件已损坏：{answer}。请从备份恢复。")
    unchecked = Regulation.objects.filter(checked=False).count()
    if unchecked:
        yield "warn", f"{unchecked} 份法规依据还没有核对原文，相关页面会标“待核”。"
    yield "ok", f"已装载 {len(rules())} 项规则。"


def _people() -> Iterator[tuple[str, str]]:
    if not Account.objects.exists():
        yield "warn", "还没有任何账号，打开首页会进入初始化页面。"
        return
    today = clock.today()
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        if not Grant.objects.in_force(today).filter(role=role, account__is_active=True).exists():
            yield "warn", f"没有{role.label}，请由安全管理员授权。"
    for client in ending_soon(today):
        yield "warn", f"对接系统“{client}”的令牌 {client.until_on} 到期，还要用的请安全管理员延期。"


def _calendar() -> Iterator[tuple[str, str]]:
    year = clock.today().year
    for needed in (year, year + 1):
        if not work_calendar().known(needed):
            yield "warn", f"{needed} 年的放假安排还没有录入，涉及的时限暂按周末推算。"


def _files() -> Iterator[tuple[str, str]]:
    missing = damaged = total = 0
    for blob in Blob.objects.iterator():
        total += 1
        if not blob.path.exists():
            missing += 1
        elif hashlib.sha256(blob.path.read_bytes()).hexdigest() != blob.sha256:
            damaged += 1
    if missing or damaged:
        yield "bad", f"附件 {total} 个，缺失 {missing} 个，内容被改动 {damaged} 个。请从备份恢复附件文件夹。"
    else:
        yield "ok", f"附件 {total} 个，全部完好。"


def _surroundings() -> Iterator[tuple[str, str]]:
    for sentence in house_fonts().report():
        yield "warn", sentence
    free = shutil.disk_usage(settings.DATA).free
    yield ("warn" if free < LITTLE_SPACE else "ok"), f"数据所在磁盘剩余 {free / 2**30:.1f} GB。"
    for name in ("secret.key", "field.key"):
        path: Path = settings.DATA / name
        if os.name == "posix" and path.stat().st_mode & 0o077:
            yield "bad", f"{path} 其他用户可读，请执行 chmod 600 {path}。"
    stuck = Job.objects.filter(state=Job.State.WAITING, created_at__lt=timezone.now() - STALE).count()
    if stuck:
        yield "warn", f"{stuck} 个后台任务还在排队，请确认后台进程（keji work）在运行。"
