"""Jobs over the files of facts: reading a workbook, writing one, letting facts run out."""

from __future__ import annotations

from typing import Any

from keji.desk.uploads import with_problems
from keji.kernel import clock
from keji.kernel.audit.log import log, log_look, writing
from keji.kernel.documents.models import Blob, keep
from keji.kernel.facts.models import STANDING, FactFile, Filing
from keji.kernel.facts.services import expire, state_facts
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import JobFailed, Report, actor_of, job
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor, Role
from keji.lib import sheet
from keji.modules.enterprises.facts.sheet import LIMITS, Checker, columns, rows_of
from keji.modules.enterprises.verdicts.runs import judge_soon


@job("facts-import")
def run_import(row: Job, report: Report) -> dict[str, Any]:
    """Check every line of the workbook, then state all of it or nothing."""
    actor, today, params = actor_of(row), clock.today(), row.params
    if not actor.has(Role.OFFICER, Role.COUNTY):
        raise JobFailed("您的角色已不能导入企业资料。")
    content = Blob.objects.get(pk=params["sha256"]).read()
    try:
        read = sheet.read(content, columns(params["unit"], "", today), LIMITS)
    except sheet.SheetError as problem:
        raise JobFailed(str(problem)) from None
    found = Checker(read, actor=actor, unit=params["unit"], accepted=params["accepted"], on=today).check(report)
    if found.problems:
        return with_problems(row, read, content, found.problems) | {"notes": found.notes}
    if not found.said:
        raise JobFailed("表里没有可以写入的资料。请在表头下面逐行填写后再上传。")
    return _write(row, actor, content, found.said, len(found.firms), report) | {"notes": found.notes}


def _write(row: Job, actor: Actor, content: bytes, said: Any, firms: int, report: Report) -> dict[str, Any]:
    report(len(said), len(said), "正在写入……")
    now, params = clock.now(), row.params
    with writing(actor, now):
        filing = Filing.objects.create(
            title=f"{params['name']}（{params['sha256'][:12]}）"[:120], origin=params["origin"], year=STANDING,
            asked=len(said), stated=len(said), note=params["accepted"], at=now, by=actor.name, by_account_id=actor.id,
        )  # fmt: skip
        new = state_facts(said, actor=actor, at=now, origin=params["origin"], filing=filing)
        log("导入企业资料", filing, {"表格": [None, f"{firms} 家企业 {len(said)} 项，其中 {new} 项有变动"]})
    judge_soon("导入企业资料", actor=actor)
    open_ = FactFile.objects.filter(party__in={s.party.pk for s in said}, open_count__gt=0) if firms < 900 else None
    differing = (
        f"其中 {open_.count()} 份档案有来源不一致的资料，请裁定。" if open_ is not None and open_.exists() else ""
    )
    same = f"，{len(said) - new:,} 项与原有一致" if new < len(said) else ""
    message = f"{firms:,} 家企业 {len(said):,} 项资料全部写入（新增或更正 {new:,} 项{same}）。{differing}"
    return {
        "message": message,
        "written": new,
        "firms": firms,
        "url": "/enterprises/facts/conflicts" if differing else "",
    }


@job("facts-export")
def run_export(row: Job, report: Report) -> dict[str, Any]:
    actor, unit, today = actor_of(row), row.params["unit"], clock.today()
    listed = columns(unit, "", today)
    seen = Party.objects.alive().visible_to(actor).filter(pk__in=FactFile.objects.values("party")).order_by("pk")
    parties = list(seen)
    report(0, len(parties), "正在导出……")
    lines = list(rows_of(parties, unit, [c.name for c in listed]))
    content = sheet.write(listed, lines)
    with writing(actor, clock.now()):
        if parties:
            log_look("导出企业资料", parties[0], {"行数": [None, len(lines)]})
    row.file, row.file_name = keep(content), f"企业资料{today:%Y%m%d}.xlsx"
    return {"message": f"{len(parties):,} 家企业，{len(lines):,} 行。", "rows": len(lines)}


@job("facts-expire")
def run_expire(row: Job, report: Report) -> dict[str, Any]:
    """Facts that hold for some months only are unknown again when they run out."""
    count = expire(actor=actor_of(row), at=clock.now())
    return {"message": f"{count} 份档案中有资料到期，已重新整理。" if count else "没有到期的资料。"}
