"""What a project leaves behind, each as a document: yearly reports, payments, changes, findings of its acceptance."""

from __future__ import annotations

from keji.kernel.clock import day_of
from keji.kernel.documents.letterhead import letterhead
from keji.lib.figures import plain_date
from keji.lib.paper.model import Block, Column, Heading, Note, Paper, Table, Text, numbered
from keji.modules.projects.models import Acceptance, BudgetLine, Project, YearReport
from keji.modules.projects.numbers import wan
from keji.modules.projects.running.services.accepting import MARKS, points_of

LABELS = {"execution": "预算执行", "output": "产出", "benefit": "效益", "satisfaction": "满意度"}


def facts_of(project: Project) -> Table:
    rows = [
        ["项目名称", project.title],
        ["项目编号", project.number],
        ["计划类别", str(project.programme)],
        ["承担单位", project.party.name],
        ["项目负责人", project.leader_name],
        ["执行期", f"{plain_date(project.starts_on)}至{plain_date(project.ends_on)}"],
        ["核定资助", f"{wan(project.grant)} 万元"],
    ]
    return Table([Column("项目", "left", 2), Column("内容", "left", 5)], rows)


def acceptance_paper(row: Acceptance, *, named: bool) -> Paper:
    """One round's findings; the panel's names only for those who may read them."""
    project, points = row.project, points_of(row)
    given = {name: getattr(row, name) for name in MARKS}
    marks = [[LABELS[n], str(most), "—" if given[n] is None else f"{given[n]:.1f}"] for n, most in MARKS.items()]
    body: list[Block] = [
        Heading(1, "基本情况"), facts_of(project),
        Heading(1, "完成情况"), Text(row.summary),
        Heading(1, "验收意见"), Text(row.opinion),
        Heading(1, "财务意见"), Text(row.finance_opinion),
        Heading(1, "绩效评价"),
        Table(
            [Column("指标", "left", 3), Column("满分", "right", 1), Column("得分", "right", 1)],
            [*marks, ["合计", str(sum(MARKS.values())), f"{points:.1f}" if points is not None else "—"]],
        ),
        Heading(1, "验收结论"), Text(f"第{row.round}次验收，结论：{row.get_conclusion_display()}。"),
    ]  # fmt: skip
    if named:
        people = [[p["name"], p["unit"], "财务专家" if p.get("finance") else "技术专家"] for p in row.panel]
        body += [Heading(1, "验收专家"), Table([Column(t, "left") for t in ("姓名", "单位", "类别")], people)]
    return Paper(title="科技计划项目验收意见书", body=numbered(body), signer=letterhead().issuer, issued_on=row.held_on)


def report_paper(project: Project, row: YearReport) -> Paper:
    labels = dict(BudgetLine.Subject.choices)
    body: list[Block] = [Heading(1, "基本情况"), facts_of(project), Heading(1, "执行情况"), Text(row.progress)]
    if row.problems:
        body += [Heading(1, "问题和建议"), Text(row.problems)]
    if row.spent:
        spent = [[labels[subject], wan(amount)] for subject, amount in row.spent.items()]
        money = [Column("科目", "left", 3), Column("累计支出", "right", 2, unit="万元")]
        body += [Heading(1, "经费支出"), Table(money, spent)]
    body.append(Note(f"{row.reported_by}，{plain_date(day_of(row.reported_at))}报送。"))
    return Paper(title=f"{row.year}年度执行报告", body=numbered(body))


def payments_paper(project: Project) -> Paper:
    rows = [
        [plain_date(p.paid_on), p.get_direction_display(), wan(p.amount), str(p.milestone or "—"), p.order_code]
        for p in project.payments.select_related("milestone")
    ]
    columns = [
        Column("日期", "left"), Column("方向", "left"), Column("金额", "right", unit="万元"), Column("节点", "left"),
        Column("支付凭证号", "left"),
    ]  # fmt: skip
    total = f"核定 {wan(project.grant)} 万元，已拨付 {wan(project.paid)} 万元，已收回 {wan(project.returned)} 万元。"
    return Paper(
        title="项目经费拨付清单", body=[Text(f"{project.number}　{project.title}"), Text(total), Table(columns, rows)]
    )


def changes_paper(project: Project) -> Paper:
    rows = [[c.number, c.get_kind_display(), c.before, c.after, c.get_state_display()] for c in project.changes.all()]
    widths = {"编号": 2.6, "事项": 2.0, "变更前": 3.0, "变更后": 3.0, "状态": 1.8}
    columns = [Column(title, "left", width) for title, width in widths.items()]
    body: list[Block] = [Text(f"{project.number}　{project.title}"), Table(columns, rows)]
    return Paper(title="项目变更清单", body=body)
