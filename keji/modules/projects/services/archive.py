"""The dossier of a project: its papers and files in one ZIP, with an index and digests, kept for its years."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.audit.log import log
from keji.kernel.clock import day_of
from keji.kernel.documents.dossier import Item, dossier
from keji.kernel.documents.models import attachments_of, keep
from keji.kernel.people.roles import Actor
from keji.lib.figures import plain_date
from keji.modules.projects.models import Project, TaskBook
from keji.modules.projects.services.limits import files_of
from keji.modules.projects.services.numbers import months_later, number


def items_of(project: Project) -> list[Item]:
    """Everything that belongs to a project, in the order a reader wants it."""
    found: list[Item] = []
    if project.proposal is not None:
        from keji.modules.projects.papers.proposal import proposal_file

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
        text = f"{report}\n{report.progress}\n\n问题和建议\n{report.problems}\n\n累计支出（元）\n{report.spent}\n"
        found.append(Item("4 执行", f"{report.year}年度执行报告.txt", text.encode()))
    money = [
        f"{p.paid_on}\t{p.get_direction_display()}\t{p.amount:,} 元\t{p.order_code}" for p in project.payments.all()
    ]
    found.append(Item("5 经费", "拨付清单.txt", ("\n".join(money) + "\n").encode()))
    changes = [
        f"{c.number}\t{c.get_kind_display()}\t{c.before} → {c.after}\t{c.get_state_display()}"
        for c in project.changes.all()
    ]
    if changes:
        found.append(Item("6 变更", "变更清单.txt", ("\n".join(changes) + "\n").encode()))
    for row in project.acceptances.all():
        people = "、".join(f"{p['name']}（{p['unit']}{'，财务' if p.get('finance') else ''}）" for p in row.panel)
        text = f"{row}\n结论：{row.get_conclusion_display()}\n专家：{people}\n{row.opinion}\n"
        text += f"财务意见：{row.finance_opinion}\n"
        found.append(Item("7 验收", f"第{row.round}次验收.txt", text.encode()))
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
