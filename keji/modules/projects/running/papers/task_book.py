"""任务书: three parties, what is to be done, by when, for how much."""

from __future__ import annotations

from datetime import date

from keji.kernel.clock import day_of
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.parties.models import Party
from keji.lib.figures import plain_date
from keji.lib.paper.model import Block, Column, Heading, Paper, Table, Text, numbered
from keji.modules.projects.models import Project, TaskBook
from keji.modules.projects.numbers import keeper, wan


def signatures(*rows: tuple[str, str, str, date | None]) -> Table:
    """Who signed for whom, when: (side, unit, person, day), a line each."""
    titles = ("方", "单位", "签订人", "签订日期")
    return Table(
        [Column(title, "left") for title in titles],
        [[side, unit, who or "—", plain_date(day) if day else "—"] for side, unit, who, day in rows],
    )


def as_paper(project: Project, book: TaskBook, *, signed_by: str, on: date) -> Paper:
    party: Party = project.party
    facts = [
        ["项目名称", project.title],
        ["项目编号", project.number],
        ["计划类别", str(project.programme)],
        ["执行期", f"{plain_date(project.starts_on)}至{plain_date(project.ends_on)}"],
        ["资助方式和金额", f"无偿资助 {wan(project.grant)} 万元"],
        ["自筹经费", f"{wan(project.own_money)} 万元"],
        ["甲方", letterhead().issuer],
        ["乙方（承担单位）", f"{party.name}（{party.uscc}）"],
        ["丙方（归口管理单位）", keeper(project.region)],
        ["项目负责人", project.leader_name],
    ]
    members = [] if project.proposal is None else list(project.proposal.members.all())
    nodes = [[str(m.order), m.name, m.target, plain_date(m.due_on), wan(m.amount)] for m in project.milestones.all()]
    budget = [[line.get_subject_display(), wan(line.amount)] for line in project.budget.all()]
    body: list[Block] = [
        Heading(1, "基本情况"),
        Table([Column("项目", "left", 2), Column("内容", "left", 5)], facts),
        Heading(1, "研究内容"),
        Text(book.content or "—"),
        Heading(1, "拟达到的技术指标"),
        Text(book.targets or "—"),
        Heading(1, "经济社会效益指标"),
        Text(book.economy or "—"),
        Heading(1, "节点和拨付"),
        Table(
            [
                Column("序号", "center", 0.8), Column("节点", "left", 2), Column("考核内容", "left", 3),
                Column("期限", "left", 2.4), Column("拨付", "right", 1.5, unit="万元"),
            ],
            nodes,
        ),
        Heading(1, "经费预算"),
        Table([Column("科目", "left", 3), Column("金额（万元）", "right", 2)], budget),
    ]  # fmt: skip
    if members:
        rows = [[m.name, m.title or "—", m.field or "—", m.task or "—", m.unit or party.name] for m in members]
        titles = (("姓名", 1.2), ("职务职称", 1.6), ("从事专业", 1.6), ("承担任务", 2.6), ("所在单位", 2.6))
        body += [Heading(1, "项目组成员"), Table([Column(t, "left", w) for t, w in titles], rows)]
    body += [
        Heading(1, "签订"),
        signatures(
            ("甲方", letterhead().issuer, signed_by, on),
            ("乙方", party.name, book.unit_by, day_of(book.unit_at) if book.unit_at else None),
            ("丙方", keeper(project.region), book.county_by, day_of(book.county_at) if book.county_at else None),
        ),
    ]
    return Paper(title="科技计划项目任务书", body=numbered(body), signer=letterhead().issuer, issued_on=on)
