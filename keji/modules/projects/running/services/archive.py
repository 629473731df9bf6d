"""The dossier of a project: its papers and files in one ZIP, with an index and digests, kept for its years."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.audit.log import log
from keji.kernel.clock import day_of
from keji.kernel.documents.dossier import Item, dossier
from keji.kernel.documents.models import attachments_of, keep
from keji.kernel.documents.setting import typeset
from keji.kernel.people.roles import Actor
from keji.lib.figures import plain_date
from keji.modules.projects.models import Project, TaskBook
from keji.modules.projects.numbers import months_later, number
from keji.modules.projects.proposals.services.limits import files_of


def items_of(project: Project) -> list[Item]:
    """Everything that belongs to a project, in the order a reader wants it."""
    from keji.modules.projects.running.papers import closing

    found: list[Item] = []
    if project.proposal is not None:
        from keji.modules.projects.proposals.paper import proposal_file

        found.append(Item("1 申报", "申报书.docx", proposal_file(project.proposal, "docx")))
        for files in files_of(project.proposal).values():
            found += [Item("1 申报", file.name, file.blob.read()) for file in files]
    paper = project.guideline.paper if project.guideline else None
    if paper is not None and paper.pdf:
        found.append(Item("2 立项", f"{paper.number} {paper.title}.pdf", paper.pdf.read()))
    book = TaskBook.objects.filter(project=project).select_related("pdf").first()
    if book is not None and book.pdf is not None:
        found.append(Item("3 任务书", "任务书.pdf", book.pdf.read()))
    contract = getattr(project, "contract", None)
    if contract is not None and contract.pdf is not None:
        found.append(Item("3 合同", "三方合同.pdf", contract.pdf.read()))
    for report in project.reports.all():
        set_as = closing.report_paper(project, report)
        found.append(Item("4 执行", f"{report.year}年度执行报告.pdf", typeset(set_as, "pdf")))
    if project.payments.exists():
        found.append(Item("5 经费", "拨付清单.pdf", typeset(closing.payments_paper(project), "pdf")))
    if project.changes.exists():
        found.append(Item("6 变更", "变更清单.pdf", typeset(closing.changes_paper(project), "pdf")))
    for row in project.acceptances.exclude(conclusion=""):
        set_as = closing.acceptance_paper(row, named=True)
        found.append(Item("7 验收", f"第{row.round}次验收意见书.pdf", typeset(set_as, "pdf")))
    for file in attachments_of(project):
        found.append(Item("8 其他", file.name, file.blob.read()))
    return found


def archive(project: Project, *, actor: Actor, at: datetime) -> None:
    """Pack the dossier, hang it on the project, say until when it is kept."""
    on = day_of(at)
    if project.keep_until is None:
        project.keep_until = months_later(on, 12 * number("keep_years", on))
    notes = [
        f"承担单位：{project.party.name}",
        f"归档日期：{plain_date(on)}",
        f"保管至：{plain_date(project.keep_until)}",
    ]
    packed = dossier(f"{project.number} {project.title}", items_of(project), notes=notes)
    project.dossier = keep(packed)
    log("打包项目档案", project, {"档案": [None, f"{len(packed):,} 字节，{project.dossier.sha256[:12]}"]})
