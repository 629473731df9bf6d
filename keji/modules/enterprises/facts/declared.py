"""What the house knows of a firm, each fact under one name, asked once and used by every rule."""

from __future__ import annotations

from keji.lib.rules.vocabulary import Fact, Kind, declare

SCALE, STAFF, SPENDING = "经营规模", "人员", "研发费用"
RIGHTS, CONDUCT, ABILITY, EXPERTS = "知识产权与成果", "合规情况", "资格与荣誉", "专家评审"
FIELDS = (
    *("电子信息", "生物与新医药", "航空航天", "新材料", "高技术服务", "新能源与节能", "资源与环境"),
    "先进制造与自动化",
)


def _money(name: str, label: str, group: str = SCALE, help: str = "") -> Fact:
    return Fact(name, label, Kind.MONEY, "元", group, help=help)


def _count(name: str, label: str, unit: str, group: str, help: str = "", *, annual: bool = True) -> Fact:
    return Fact(name, label, Kind.COUNT, unit, group, annual=annual, help=help)


def _yes_no(name: str, label: str, group: str, months: int = 0, help: str = "") -> Fact:
    return Fact(name, label, Kind.YES_NO, group=group, annual=False, months=months, help=help)


declare(
    _money("revenue", "销售（营业）收入", help="主营业务收入加其他业务收入，按纳税申报口径。"),
    _money("main_revenue", "主营业务收入"),
    _money("total_income", "总收入", help="收入总额减去不征税收入。"),
    _money("hightech_revenue", "高新技术产品（服务）收入", help="产品（服务）收入与技术性收入之和。"),
    _money("total_cost", "成本费用支出总额"),
    _money("net_profit", "净利润"),
    _money("assets", "资产总额", help="年末数。"),
    _money("liabilities", "负债总额", help="年末数；净资产等于资产总额减去负债总额。"),
    _count("staff", "在职职工数", "人", STAFF, "全年月平均数。"),
    _count("part_time_183", "兼职和临时聘用人员（满183天）", "人", STAFF, "高新技术企业口径：全年累计工作183天以上。"),
    _count("part_time_6m", "兼职和临时聘用人员（满6个月）", "人", STAFF, "科技型中小企业口径：全年累计工作6个月以上。"),
    _count(
        "rnd_staff",
        "在职科技人员数",
        "人",
        STAFF,
        "直接从事研发和相关技术创新活动，以及专门从事管理和提供直接技术服务的人员。",
    ),
    _count("rnd_part_time_183", "兼职和临时科技人员（满183天）", "人", STAFF),
    _count("rnd_part_time_6m", "兼职和临时科技人员（满6个月）", "人", STAFF),
    _money("rd_staff_cost", "人员人工费用", SPENDING),
    _money("rd_materials", "直接投入费用", SPENDING),
    _money("rd_depreciation", "折旧费用与长期待摊费用", SPENDING, "含在用建筑物折旧。"),
    _money("rd_building_depreciation", "其中：建筑物折旧", SPENDING, "加计扣除口径不计这一项。"),
    _money("rd_amortisation", "无形资产摊销费用", SPENDING),
    _money("rd_design", "设计费用", SPENDING),
    _money("rd_commissioning", "装备调试费用与试验费用", SPENDING),
    _money("rd_outsourced", "委托境内研发费用", SPENDING, "按实际发生额填写，折算由系统计算。"),
    _money("rd_outsourced_abroad", "委托境外研发费用", SPENDING, "按实际发生额填写，折算由系统计算。"),
    _money("rd_other", "其他费用", SPENDING, "按实际发生额填写，限额由系统计算。"),
    _count(
        "class1_ip", "Ⅰ类知识产权数", "项", RIGHTS, "有效的发明专利、植物新品种、集成电路布图设计等。", annual=False
    ),
    _count(
        "class2_ip",
        "Ⅱ类知识产权数",
        "项",
        RIGHTS,
        "有效的实用新型、外观设计、软件著作权。",
        annual=False,
    ),
    _count(
        "class2_ip_used",
        "其中：高企申报中已用过的Ⅱ类知识产权数",
        "项",
        RIGHTS,
        "申报高新技术企业时Ⅱ类知识产权仅限使用一次；没有用过的填0。",
        annual=False,
    ),
    _yes_no("own_ip", "有自主研发取得的知识产权", RIGHTS),
    _count("conversions", "科技成果转化数", "项", RIGHTS, "同一成果转化为多种产品的计一项。"),
    Fact(
        "technology_field",
        "所属技术领域",
        Kind.CHOICE,
        group=ABILITY,
        annual=False,
        choices={0: "不属于国家重点支持的高新技术领域"} | dict(enumerate(FIELDS, 1)),
    ),
    _yes_no("resident", "在境内注册的居民企业", CONDUCT),
    _yes_no("restricted", "产品（服务）属禁止、限制或淘汰类", CONDUCT, 12),
    _yes_no("serious_incident", "近一年有重大安全、质量事故或严重环境违法", CONDUCT, 12),
    _yes_no("research_dishonesty", "有科研严重失信行为", CONDUCT, 12),
    _yes_no("listed_abnormal", "列入经营异常或严重违法失信名单", CONDUCT, 6),
    _yes_no("hnte", "持有有效期内的高新技术企业证书", ABILITY),
    _yes_no("award", "近五年获国家级科技奖励且排名前三", ABILITY, 12),
    _yes_no("institution", "有省部级以上研发机构", ABILITY, 12),
    _yes_no("standard", "近五年主导制定国际、国家或行业标准", ABILITY, 12),
    Fact("age_days", "注册成立天数", unit="天", group=ABILITY, annual=False, enough=365),
    _count("operating_years", "已经营的会计年度数", "年", ABILITY, annual=False),
    Fact(
        "advance",
        "技术的先进程度",
        Kind.CHOICE,
        group=EXPERTS,
        annual=False,
        choices={4: "高", 3: "较高", 2: "一般", 1: "较低", 0: "无"},
    ),
    Fact(
        "support",
        "对主要产品（服务）的核心支持作用",
        Kind.CHOICE,
        group=EXPERTS,
        annual=False,
        choices={4: "强", 3: "较强", 2: "一般", 1: "较弱", 0: "无"},
    ),
    _yes_no("standard_setting", "参与编制国家或行业标准、检测方法、技术规范", EXPERTS),
    _count("org_system", "研发组织管理制度、投入核算体系和辅助账得分", "分", EXPERTS, annual=False),
    _count("org_institute", "研发机构、科研条件与产学研合作得分", "分", EXPERTS, annual=False),
    _count("org_reward", "成果转化激励奖励与创新创业平台得分", "分", EXPERTS, annual=False),
    _count("org_talent", "科技人员培养、引进与绩效奖励得分", "分", EXPERTS, annual=False),
)
