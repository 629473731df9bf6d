"""A realistic monthly bulletin of a made-up city, shared by the tests of papers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from keji.lib.paper.model import Attachment, Column, Heading, Note, Paper, Picture, Table, Text, numbered

COUNTIES = ("东河县", "西岭县", "南湖县", "北屏县", "云溪区", "安山区", "临江区", "高新区")

CHART = b"""<svg xmlns="http://www.w3.org/2000/svg" width="420" height="140" viewBox="0 0 420 140">
<rect width="420" height="140" fill="white"/><path d="M20 120H400M20 20V120" stroke="black" fill="none"/>
<path d="M30 100L90 92L150 80L210 74L270 60L330 48L390 40" stroke="#c00" stroke-width="2" fill="none"/>
</svg>"""


def county_table() -> Table:
    rows = [
        (n, name, 12 + n * 7, 20 + n * 9, Decimal(3 + n * 5) / 4, Decimal("61.5") + n * 3)
        for n, name in enumerate(COUNTIES, 1)
    ]
    return Table(
        [Column("序号", align="center"), Column("县区"), Column("新增高新技术企业", unit="家"),
         Column("科技型中小企业", unit="家"), Column("技术合同成交额", unit="亿元"), Column("完成进度", unit="%")],
        rows, caption="表1　各县区主要指标完成情况", note="完成进度按年度目标计算，技术合同成交额以登记数为准。",
    )  # fmt: skip


def slow_table() -> Table:
    return Table(
        [Column("事项", width=3), Column("责任单位", width=2), Column("原因和下一步措施", width=5, align="left")],
        [
            ("新建省级企业研发中心", "业务三科、西岭县", "两家企业的场地尚未落实，9月底前逐户上门会商。"),
            ("科技特派员服务天数", "农村科、北屏县", "汛期道路中断，已改为线上会诊，天数待补报。"),
            ("规上工业企业研发活动清零", "规划科、各县区", "仍有31家未备案，停产的由统计部门核定后核减。"),
        ],
        caption="表2　进度偏慢事项",
    )  # fmt: skip


def wide_table() -> Table:
    heads = ("县区", "高企", "科小", "雏鹰", "瞪羚", "研发中心", "重点实验室", "孵化器", "众创空间", "特派员")
    rows = [(name, *(n * 13 + k * 7 for k in range(9))) for n, name in enumerate(COUNTIES * 4, 1)]
    return Table([Column(head) for head in heads], rows, caption="各县区台账明细")


def bulletin() -> Paper:
    sentence = (
        "今年以来，各县区各单位聚焦年度工作要点，扎实推进科技创新各项任务，截至8月底，全市新增高新技术企业112家，"
        "完成年度目标的74.7%，快于序时进度8.0个百分点；登记技术合同426项，成交额38.62亿元，同比增长12.4%。"
    )
    second = (
        "科技型中小企业入库评价1032家，较上月净增47家，其中新增52家、到期5家；"
        "全市规模以上工业企业研发活动覆盖率达到68.9%。堃喆机电、翀犇科技等企业首次备案。"
    )
    demands = (Heading(1, "一、时限"), Text(sentence), Heading(1, "二、要求"), Text(second))
    return Paper(
        issuer_mark="临江市科学技术局文件",
        number="临科通〔2024〕5号",
        title="关于2024年8月全市科技创新工作要点推进情况的通报",
        addressee="各县区科技局，高新区经发局，局机关各科室、直属各单位",
        body=numbered(
            [
                Text("现将2024年8月全市科技创新工作要点推进情况通报如下。"),
                Heading(1, "总体情况"), Text(sentence), Text(second),
                Heading(1, "主要指标完成情况"),
                Heading(2, "企业培育"), Text(second + sentence),
                Heading(3, "高新技术企业"), Text(sentence), county_table(),
                Heading(2, "成果转化"), Text(sentence), Picture(CHART, "图1　技术合同成交额月度累计", 110),
                Heading(1, "存在问题"), Text(second), slow_table(),
                Heading(1, "下一步工作"),
                Heading(2, "压实责任"), Text(sentence),
                Heading(2, "补齐短板"), Text("请各单位于9月15日前将整改措施报市科技局规划科。" + second),
                Note("数据截至2024年8月31日，由各县区填报、市科技局核定。"),
            ]
        ),
        attachments=(
            Attachment("各县区科技创新指标台账", (wide_table(),)),
            Attachment("进度偏慢事项整改要求", demands),
        ),
        signer="临江市科学技术局",
        issued_on=date(2024, 9, 5),
        annotation="此件公开发布",
        copies_to="市委办公室，市政府办公室，市人大常委会教科文卫工委，各县区人民政府",
        printed_by="临江市科学技术局办公室",
        printed_on=date(2024, 9, 5),
        footnotes=("数据版本：2024年8月定格第2版；校验码：9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",),
    )  # fmt: skip
