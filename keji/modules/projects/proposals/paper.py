"""申报书: a proposal as a document to print, seal and hand in."""

from __future__ import annotations

from keji.kernel import clock
from keji.kernel.documents.setting import typeset
from keji.lib.figures import plain_date
from keji.lib.paper.model import Block, Column, Heading, Note, Paper, Table, Text, numbered
from keji.modules.projects.models import Proposal
from keji.modules.projects.numbers import wan


def as_paper(record: Proposal) -> Paper:
    facts = [
        ["项目名称", record.title],
        ["科技计划", str(record.guideline.programme)],
        ["支持方向", record.theme or "—"],
        ["申报单位", record.party.name],
        ["统一社会信用代码", record.party.uscc],
        ["推荐单位所在县区", record.region.name],
        ["项目负责人", record.leader_name or "—"],
        ["执行期", f"{record.months} 个月" if record.months else "—"],
    ]
    money = [
        ["设备费", wan(record.equipment)],
        ["业务费", wan(record.business)],
        ["劳务费", wan(record.labour)],
        ["间接费用", wan(record.indirect)],
        ["申请资助合计", wan(record.asked)],
        ["自筹经费", wan(record.own_money)],
        ["总投入", wan(record.total)],
    ]
    body: list[Block] = [
        Heading(1, "基本情况"),
        Table([Column("项目", "left", 2), Column("内容", "left", 5)], facts),
        Heading(1, "摘要"),
        Text(record.abstract or "（未填）"),
    ]
    for section in record.guideline.sections:
        body += [Heading(1, section["title"]), Text(record.contents.get(section["code"]) or "（未填）")]
    body += [
        Heading(1, "经费"),
        Table([Column("科目", "left", 3), Column("金额", "right", 2, unit="万元")], money),
    ]
    if members := [[m.name, m.title, m.task, m.unit] for m in record.members.all()]:
        titles = (("姓名", 1.2), ("职务职称", 1.6), ("承担任务", 3), ("所在单位", 3))
        body += [Heading(1, "项目组成员"), Table([Column(t, "left", w) for t, w in titles], members)]
    if partners := [[p.name, p.task or "—"] for p in record.partners.all()]:
        body += [Heading(1, "合作单位"), Table([Column("单位", "left", 3), Column("分工", "left", 3)], partners)]
    body += [
        Heading(1, "承诺"),
        Text("本单位和项目组承诺申报内容真实、没有重复申报，遵守科研诚信和科技伦理要求。"),
        Note(f"申报编号 {record.number}，状态：{record.get_state_display()}，{plain_date(clock.today())}生成。"),
    ]
    return Paper(
        title=f"{record.guideline.programme}项目申报书",
        body=numbered(body),
        signer=record.party.name,
        issued_on=clock.today(),
    )


def proposal_file(record: Proposal, kind: str) -> bytes:
    set_as = as_paper(record)
    return typeset(set_as, kind)
