"""What the made-up city's integrity cases are about, and what it held to teach and warn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Matter:
    """One case: when it came in, what it says, and how far it has come by December."""

    on: date
    until: str  # the last state it reaches
    text: str
    clause: str = ""
    firm: int | None = None  # which firm; None: a person
    person: str = ""
    violations: tuple[str, ...] = ("2",)
    severity: str = "heavy"
    measure: str = "5"
    months: int | None = 24
    public: bool = False
    reporter: tuple[str, str] = ("", "")
    own: bool = False  # over the firm whose user the demo shows
    origin: str = "report"


MATTERS = (
    Matter(
        date(2024, 1, 10), "in_force",
        "该公司申报市级重点研发计划项目时提交的检测报告编号查不到，数据与公开资料不一致，请核查。",
        "2023年9月申报市级项目时提交的两份检测报告系伪造，检测机构证明未出具", firm=50, months=24, public=True,
        reporter=("许明", "13905641001"),
    ),
    Matter(
        date(2024, 2, 19), "refused", "听说有些企业的项目都是假的，希望好好查一查，不要让老实人吃亏。",
    ),
    Matter(
        date(2024, 1, 22), "closed", "罗启航担任评审专家期间收受参评单位财物，给关系单位打高分，有聊天记录。",
        "2023年11月担任市级项目评审专家期间，接受参评单位安排的宴请和礼品，所评分数明显偏高", person="罗启航",
        violations=("4",), measure="9", months=36, public=True, reporter=("韩女士", "han@example.cn"),
    ),
    Matter(
        date(2024, 5, 6), "reviewing", "申报书大段照抄外地高校的项目申请书，附对比。",
        "2024年3月提交的项目申报书与他人申请书重合率较高，未注明来源", person="鲍文轩", violations=("1",), months=18,
        reporter=("方老师", "13905641002"),
    ),
    Matter(
        date(2024, 9, 4), "served", "该公司同一批图片用在两份验收材料里，反映的是不同的试验。",
        "2024年5月提交的验收材料重复使用同一组试验图片，已主动更正", own=True, severity="light", measure="1",
        months=None,
    ),
    Matter(
        date(2024, 6, 3), "investigating", "课题组虚列外协加工费，外协单位与负责人有亲属关系。", firm=53,
        origin="assigned",
    ),
    Matter(
        date(2024, 8, 19), "proposed", "验收时提交的用户使用报告盖的是假章，用户单位并没有使用过。",
        "2024年7月提交的三份用户使用报告中有两份不是用户单位出具", firm=54, months=12,
        reporter=("项目组成员", "13905641003"),
    ),
    Matter(date(2024, 9, 9), "reported", "发表论文由中介代写代投，附付款截图。",
           "2023年12月发表的论文由第三方代写代投", person="沈知远", violations=("3",), measure="7", months=24,
           reporter=("读者", "reader@example.cn")),
    Matter(date(2024, 9, 2), "decided", "项目负责人署了没有参加工作的人的名字。",
           "2024年4月申报奖励的材料中，三名完成人没有实质贡献", firm=56, violations=("6",), measure="7", months=12),
    Matter(date(2024, 8, 12), "appealed", "申报材料中的专利不是本单位的。",
           "2024年6月申报材料所列两件专利的权利人为其他单位", firm=57, violations=("4",), months=12),
    Matter(date(2024, 4, 8), "reviewed", "研发人员名单里有离职人员。",
           "2024年2月申报材料所列研发人员中有五人已离职", firm=58, violations=("4",), severity="heavy", months=12),
    Matter(date(2024, 10, 14), "transferred", "该单位拖欠职工工资，社保没有缴纳。", reporter=("职工", "13905641004")),
    Matter(date(2024, 11, 26), "checking", "检测机构没有资质却出具报告，附营业执照截图。", firm=59),
    Matter(date(2024, 12, 6), "received",
        "有人冒用他人成果参加创新创业大赛并获奖，获奖项目与两年前外省的项目基本相同。",
           reporter=("参赛者", "13905641005")),
)  # fmt: skip

#: (county clerk or officer, region, title, kind, day, place, people, copies, audience, state it reaches)
ACTIVITIES = (
    ("guihua", "341500", "全市科研诚信专题讲座", "lecture", date(2024, 3, 21), "市政务中心报告厅", 260, 300,
     "项目负责人、科研管理人员", ""),
    ("yuan", "341503", "高新技术企业科研诚信培训", "training", date(2024, 4, 16), "裕安区创业服务中心", 118,
     150, "高企研发负责人", ""),
    ("jinan", "341502", "项目申报诚信承诺书集中签订", "pledge", date(2024, 4, 25), "金安区科技局", 76, 80,
     "项目申报单位", ""),
    ("shucheng", "341523", "科研失信典型案例警示会", "warning", date(2024, 5, 14), "舒城县科技馆", 95, 120,
     "承担单位负责人", ""),
    ("jinzhai", "341524", "科技活动周诚信宣传", "material", date(2024, 5, 25), "金寨县城北广场", 340, 800,
     "社会公众", ""),
    ("huoshan", "341525", "科研诚信政策线上解读", "online", date(2024, 6, 18), "县融媒体中心直播", 1250, 0,
     "科技人员", ""),
    ("kaifaqu", "341500-KFQ", "园区企业诚信申报培训", "training", date(2024, 7, 11), "开发区管委会", 143, 160,
     "规上企业", ""),
    ("guihua", "341500", "评审专家诚信提醒会", "warning", date(2024, 8, 22), "市科技局会议室", 42, 42,
     "评审专家", ""),
    ("huoqiu", "341522", "院企合作项目诚信讲座", "lecture", date(2024, 9, 19), "霍邱县政务中心", 88, 100,
     "合作项目团队", ""),
    ("yeji", "341504", "家居企业科研诚信宣讲", "lecture", date(2024, 11, 28), "叶集区木竹产业园", 64, 90,
     "家居企业技术人员", "reported"),
    ("yuan", "341503", "诚信承诺书补签", "pledge", date(2024, 12, 3), "裕安区科技局", 23, 23, "新立项单位",
     "returned"),
    ("jinan", "341502", "科研诚信进校园", "material", date(2024, 10, 17), "皖西学院", 520, 600, "师生", ""),
)  # fmt: skip
