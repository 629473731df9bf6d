"""Facts the upper rungs and the research centres ask for, beside those of `facts.py`."""

from __future__ import annotations

from keji.lib.rules.vocabulary import Fact, Kind, declare
from keji.modules.enterprises.facts.declared import ABILITY, CONDUCT, EXPERTS, RIGHTS, SCALE, STAFF

MARKET, MANAGEMENT, SITE = "主导产品与市场", "管理水平", "研发条件"
GRADED_CALIBER = "优质中小企业口径：转让取得不满一年的不计；Ⅱ类中的实用新型、外观设计须维持两年以上。"


def _yes_no(name: str, label: str, group: str, months: int = 12, help: str = "") -> Fact:
    return Fact(name, label, Kind.YES_NO, group=group, annual=False, months=months, help=help)


def _count(name: str, label: str, unit: str, group: str, help: str = "") -> Fact:
    return Fact(name, label, Kind.COUNT, unit, group, annual=False, help=help)


def _choice(name: str, label: str, group: str, choices: dict[int, str], help: str = "") -> Fact:
    return Fact(name, label, Kind.CHOICE, group=group, annual=False, choices=choices, help=help)


declare(
    Fact("equity_raised", "新增股权融资（合格机构投资者实缴）", Kind.MONEY, "元", SCALE, help="当年实际到账的金额。"),
    _yes_no("sme_scale", "符合中小企业划型标准", SCALE),
    _yes_no(
        "serious_incident_3y",
        "近三年有重大安全、质量、环境污染事故或偷漏税等违法行为",
        CONDUCT,
    ),
    _yes_no("award_province", "近三年获国家级或省级科技奖励", ABILITY),
    _yes_no("award_province_top", "近三年获省级科技奖励前三名或国家级前五名", ABILITY),
    _yes_no("innovation_demo", "有效期内的国家级技术创新示范企业", ABILITY),
    _yes_no("ip_demo", "有效期内的国家知识产权优势或示范企业", ABILITY),
    _yes_no("maker_top500", "近三年进入“创客中国”全国500强（企业组）", ABILITY),
    _yes_no("innovative_held", "持有有效期内的创新型（科技和创新型）中小企业称号", ABILITY, 0),
    _yes_no("srdi_held", "持有有效期内的专精特新中小企业称号", ABILITY, 0),
    _count("class1_high_value", "高价值Ⅰ类知识产权数", "项", RIGHTS, GRADED_CALIBER),
    _count("class1_own", "自主研发的Ⅰ类知识产权数", "项", RIGHTS, GRADED_CALIBER),
    _count("class1_kept", "Ⅰ类知识产权数（优质中小企业口径）", "项", RIGHTS, GRADED_CALIBER),
    _count("class2_kept", "Ⅱ类知识产权数（优质中小企业口径）", "项", RIGHTS, GRADED_CALIBER),
    _count("class1_first3", "自主取得且排名前三的Ⅰ类知识产权数", "项", RIGHTS, "不含转让取得的。"),
    _count("niche_years", "从事特定细分市场的年限", "年", MARKET),
    _choice("emerging_industry", "主导产品所属领域", MARKET, {1: "战略性新兴产业", 0: "其他"}),
    _choice(
        "niche_field",
        "细分市场所属重点领域",
        MARKET,
        {2: "国家鼓励的重点领域", 1: "其他重点领域", 0: "不属于重点领域"},
        "专精特新评分的三档，分档名称待核。",
    ),
    Fact("market_share", "主导产品国内细分市场占有率", Kind.NUMBER, "%", MARKET, annual=False, places=2),
    _yes_no("market_top3", "主导产品国内细分市场占有率排名前三", MARKET),
    _count("own_brands", "自主品牌数", "个", MARKET),
    _yes_no("key_link", "主导产品属“六基”或产业链关键环节", MARKET),
    _choice("digital_level", "数字化水平自测等级", MANAGEMENT, {3: "三级以上", 2: "二级", 1: "一级", 0: "没有自测"}),
    _count("quality_items", "质量管理方面的奖励、认证和标准数", "项", MANAGEMENT),
    _count("province_feature", "特色化指标得分", "分", EXPERTS, "由省级主管部门设定，满分15分。"),
    _count("srdi_platform_score", "专精特新发展评价得分", "分", EXPERTS, "由国家平台计算。"),
    _choice(
        "institute_level",
        "自建或合建研发机构的级别",
        SITE,
        {4: "国家级", 3: "省级", 2: "市级", 1: "市级以下", 0: "没有"},
    ),
    _count("rnd_site", "研发场地面积", "平方米", SITE),
    Fact("rnd_equipment", "研发仪器设备原值", Kind.MONEY, "元", SITE, annual=False),
    _count("centre_staff", "研发中心专职研发人员数", "人", STAFF),
    _yes_no("software_class", "属软件、信息或专业技术服务业", SITE, 0),
    _yes_no("software_equipment", "研发设备达到软件类企业的要求", SITE, 12, "数额没有查到，由业务科室核定。"),
    _yes_no("province_tech_firm", "在省内注册的科技型法人企业", ABILITY, 0),
    _yes_no("serious_violation_1y", "近一年有重大安全、质量事故或严重违法失信行为", CONDUCT),
)
