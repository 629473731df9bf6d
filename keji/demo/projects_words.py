"""What the projects of the made-up city are called and say."""

from __future__ import annotations

import random
from typing import Any

CONTACT = "规划与监督科，0564-3379001，工作日 8:30—17:30"
CONDITIONS = "1. 在本市注册一年以上、具有独立法人资格；\n2. 有研发投入和研发人员；\n3. 没有在限制期内的失信行为。"
LEADERS = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
KINDS = ("低成本", "高可靠", "节能型", "县域适用的")
TOPICS = (
    "高强铝合金底盘件挤压铸造关键技术",
    "茶园智能采摘机器人研制",
    "新能源汽车热管理阀体精密加工技术",
    "霍山石斛有效成分提取工艺研究",
    "轨道交通齿轮箱状态监测系统开发",
    "高性能聚酰亚胺薄膜中试技术",
    "羽绒制品绿色水洗工艺与装备",
    "油茶籽冷榨精炼一体化生产线",
    "工业视觉缺陷检测算法和装备",
    "竹基复合材料成型技术",
    "皖西白鹅疫病快速检测试剂",
    "大别山天麻仿野生栽培技术",
    "钢结构焊接机器人离线编程系统",
    "氢燃料电池双极板涂层工艺",
    "污水处理厂智能曝气节能控制",
    "县域慢病随访管理平台研制",
    "稻虾田面源污染生态拦截技术",
    "高压共轨喷油器微孔加工装备",
)
#: (code, title, unit, year, programme, money, abstract)
_EARLIER = (
    ("2021KJ012", "茶园鲜叶智能分级与采摘装备研制", "六安市农机研究所", 2021, "市科技攻关计划", 300_000),
    ("2021KJ018", "铝合金压铸件缺陷在线检测", "安徽某压铸有限公司", 2021, "市科技攻关计划", 200_000),
    ("2022KJ005", "霍山石斛种苗快繁技术", "皖西学院", 2022, "市科技攻关计划", 250_000),
    ("2022KJ031", "新能源汽车轻量化副车架开发", "六安某汽车部件有限公司", 2022, "市科技攻关计划", 400_000),
    ("2023KJ009", "羽绒水洗废水回用技术", "六安某羽绒有限公司", 2023, "市科技攻关计划", 200_000),
    ("2023KJ022", "基于机器视觉的布匹瑕疵检测", "六安某纺织有限公司", 2023, "市科技攻关计划", 150_000),
)


_WITH = (
    *("有限元仿真", "正交试验", "双目视觉", "近红外光谱", "真空熔炼", "超声辅助", "低温等离子", "边缘计算", "酶解提取"),
    *("激光熔覆", "分子标记", "膜分离", "微波干燥", "数字孪生", "深度学习", "摩擦搅拌", "气调包装", "声发射监测"),
)
_OF = (
    *("嫩芽识别", "壁厚均匀性", "涂层结合力", "多糖得率", "疲劳寿命", "能耗水平", "漏检率", "发酵温度", "密封可靠性"),
    *("孔径偏差", "成活率", "脱色深度", "振动噪声", "酸价过氧化值", "焊缝成形", "曝气均匀度", "储运损耗", "导电率"),
)
_GIVES = (
    *("搭建试验台并验证", "编制作业规程", "在两条产线换装", "联合用户现场考核", "送第三方检测", "开展百小时连续运行"),
    *("建立数据库", "比对进口样件", "确定窗口参数", "开发控制软件", "培训操作工三十人", "申请发明专利"),
)


def leader_name(serial: int) -> str:
    return LEADERS[serial % len(LEADERS)] + "伟明芳军洋勇艳杰"[serial % 8]


def _sentence(chance: random.Random) -> str:
    one, two = chance.sample(_WITH, 2)
    first, second = chance.sample(_OF, 2)
    does, then = chance.sample(_GIVES, 2)
    shapes = (
        f"{one}和{two}结合，先把{first}做到要求，再{does}、{then}",
        f"{first}和{second}互相牵制，拟用{one}拆开处理，{does}",
        f"{does}之后，按{second}的实测值修正{two}的设定，并{then}",
        f"对{first}起决定作用的是{one}环节，为此{then}；{second}另行考察",
    )
    return chance.choice(shapes)


def contents_of(title: str) -> dict[str, str]:
    """Three sections that differ from title to title, the same for the same title."""
    chance = random.Random(f"{title}-2024")
    return {code: "。".join(_sentence(chance) for _ in range(4)) + "。" for code in ("s1", "s2", "s3")}


EARLIER: list[dict[str, Any]] = [
    {
        "code": code,
        "title": title,
        "unit": unit,
        "year": year,
        "programme": programme,
        "money": money,
        "abstract": "\n".join(contents_of(title).values()),
    }
    for code, title, unit, year, programme, money in _EARLIER
]
