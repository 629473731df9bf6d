"""三方合同: who asks, who answers, what is to be shown by when, and what each stage pays."""

from __future__ import annotations

from datetime import date

from keji.kernel.clock import day_of
from keji.kernel.documents.letterhead import letterhead
from keji.lib.figures import plain_date
from keji.lib.paper.model import Block, Column, Heading, Paper, Table, Text, numbered
from keji.modules.projects.models import Contract
from keji.modules.projects.numbers import wan
from keji.modules.projects.running.papers.task_book import signatures


def as_paper(row: Contract, *, signed_by: str, on: date) -> Paper:
    challenge = row.challenge
    bid = challenge.winner
    assert bid is not None and row.winner_at is not None and row.firm_at is not None
    facts = [
        ["榜单名称", challenge.title],
        ["榜单编号", challenge.number],
        ["甲方（出题方）", f"{challenge.party.name}（{challenge.party.uscc}）"],
        ["乙方（揭榜方）", f"{bid.party.name}（{bid.party.uscc}）"],
        ["丙方（组织方）", letterhead().issuer],
        ["项目负责人", bid.leader_name],
        ["合同期限", f"{plain_date(row.starts_on)}至{plain_date(row.ends_on)}"],
        ["合同金额", f"{wan(bid.price)} 万元，其中甲方 {wan(row.firm_money)} 万元，财政 {wan(row.bureau_money)} 万元"],
    ]
    nodes = [
        [str(s.order), s.name, s.target, plain_date(s.due_on), wan(s.firm_amount), wan(s.bureau_amount)]
        for s in row.stages.all()
    ]
    pairs = zip(challenge.wanted, bid.answers, strict=True)
    wanted = [[str(n), target, answer] for n, (target, answer) in enumerate(pairs, 1)]
    body: list[Block] = [
        Heading(1, "基本情况"),
        Table([Column("项目", "left", 2), Column("内容", "left", 5)], facts),
        Heading(1, "研究内容"),
        Text(row.content),
        Heading(1, "成果要求"),
        Table([Column("序号", "center", 0.7), Column("榜单指标", "left", 3), Column("乙方响应", "left", 3)], wanted),
        Heading(1, "节点和付款"),
        Text("各节点由甲方考核、丙方确认后付款；没有达到的不付款。"),
        Table(
            [
                Column("序号", "center", 0.8), Column("节点", "left", 1.9), Column("考核内容", "left", 2.6),
                Column("期限", "left", 2.4), Column("甲方", "right", 1.2, unit="万元"),
                Column("财政", "right", 1.2, unit="万元"),
            ],
            nodes,
        ),
        Heading(1, "签订"),
        signatures(
            ("甲方", challenge.party.name, row.firm_by, day_of(row.firm_at)),
            ("乙方", bid.party.name, row.winner_by, day_of(row.winner_at)),
            ("丙方", letterhead().issuer, signed_by, on),
        ),
    ]  # fmt: skip
    return Paper(title="揭榜挂帅项目三方合同", body=numbered(body), signer=letterhead().issuer, issued_on=on)
