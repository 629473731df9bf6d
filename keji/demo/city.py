"""The real map (administrative codes, GB/T 2260) with made-up firms on it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import count as endless
from typing import Any

from keji.kernel.parties.models import Region
from keji.lib.codes import make_uscc, organisation_check

CITY = "341500"
ZONE = "341500-KFQ"

#: code, name, short name, level, share of the city's firms in per cent
REGIONS = (
    ("341502", "金安区", "金安", "county", 19),
    ("341503", "裕安区", "裕安", "county", 16),
    ("341504", "叶集区", "叶集", "county", 8),
    ("341522", "霍邱县", "霍邱", "county", 11),
    ("341523", "舒城县", "舒城", "county", 14),
    ("341524", "金寨县", "金寨", "county", 8),
    ("341525", "霍山县", "霍山", "county", 12),
    (ZONE, "六安经济技术开发区", "市开发区", "zone", 12),
)
PLACES = {code: short for code, _, short, _, _ in REGIONS} | {ZONE: "六安"}

_SOUND = "恒瑞泰和鼎盛华诚宏远创新科力中正天成金安瑞丰明德博远智汇云帆海纳卓越"
_TRADE = (
    ("汽车零部件", "3670", "新能源汽车零部件"),
    ("精密机械", "3489", "高端装备制造"),
    ("新材料", "3099", "新材料"),
    ("生物科技", "2770", "大健康"),
    ("电子科技", "3989", "新一代信息技术"),
    ("智能装备", "3491", "高端装备制造"),
    ("食品", "1499", "绿色食品"),
    ("纺织服饰", "1819", "纺织服装"),
    ("钢结构", "3311", "高端装备制造"),
    ("信息技术", "6510", "新一代信息技术"),
    ("环保科技", "7721", "节能环保"),
    ("竹木制品", "2041", "绿色食品"),
)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"


def settle_regions() -> None:
    city = Region.objects.create(code=CITY, level="city", name="六安市", short_name="六安", order=0)
    for order, (code, name, short, level, _) in enumerate(REGIONS, start=1):
        Region.objects.create(code=code, level=level, name=name, short_name=short, order=order, parent=city)


def firms(chance: random.Random, count: int, *, first: int = 1) -> list[dict[str, Any]]:
    """`count` made-up firms as rows for `create_parties`; serials make their codes unique and valid."""
    names: set[str] = set()
    rows = []
    weights = [share for *_, share in REGIONS]
    for serial in range(first, first + count):
        code, _, _, level, _ = chance.choices(REGIONS, weights)[0]
        trade, industry, focus = chance.choice(_TRADE)
        division = chance.choice(["341502", "341503"]) if level == "zone" else code
        body = f"MA{serial:06d}"
        rows.append(
            {
                "uscc": make_uscc(f"91{division}{body}{organisation_check(body)}"),
                "name": _name(chance, PLACES[code], trade, names),
                "region_code": code,
                "division_code": division,
                "industry_code": industry,
                "industry_tag": focus,
                "established_on": date(2002, 1, 1) + timedelta(days=chance.randrange(7300)),
                "contact_name": chance.choice(_SURNAMES) + chance.choice("伟敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂"),
                "contact_phone": f"139{chance.randrange(10**8):08d}",
            }
        )
    return rows


def _name(chance: random.Random, place: str, trade: str, taken: set[str]) -> str:
    for tries in endless():
        middle = "".join(chance.sample(_SOUND, 2 if tries < 5 else 3))  # two are not enough for a city of 100,000
        name = f"{place}{middle}{trade}有限公司" if chance.random() < 0.8 else f"安徽{middle}{trade}股份有限公司"
        if name not in taken:
            taken.add(name)
            return name
    raise AssertionError
