"""The made-up incubators and makerspaces: where they are, how big, and how many have come and gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class House:
    """One incubator or makerspace as the story wants it; counts are of a city of full size."""

    name: str
    region: str
    level: str
    recognised_on: date
    field: str = ""  # of a specialised incubator
    inside: int = 0
    teams: int = 0
    graduates: int = 0  # by the end of 2023
    graduates_2024: int = 0
    overdue: int = 0
    site: int = 0
    public: int = 0
    fund: int = 0
    staff: tuple[int, int] = (0, 0)  # all, professional
    mentors: int = 0
    seats: int = 0
    events: int = 0
    kind: str = "incubator"
    institution: bool = False  # run by a university
    more: tuple[tuple[str, Any], ...] = ()  # further facts of the house


INCUBATORS = (
    House(
        "六安云谷科技企业孵化器", "341502", "national", date(2017, 12, 1), "", 52, 3, 20, 3, 0,
        13600, 4100, 800, (14, 12), 9,
    ),
    House(
        "皖西大学科技园科技企业孵化器", "341503", "provincial", date(2019, 9, 12), "", 36, 5, 12, 2, 3,
        9800, 2600, 500, (10, 8), 6, institution=True,
    ),
    House(
        "六安新能源汽车零部件科技企业孵化器", "341500-KFQ", "city", date(2020, 6, 18), "vehicles", 31, 2, 13, 3, 2,
        16000, 8600, 500, (10, 8), 4, more=(("own_platform", True),),
    ),
    House(
        "舒城电子信息科技企业孵化器", "341523", "provincial", date(2021, 11, 5), "electronics", 22, 2, 7, 1, 1,
        7200, 2400, 300, (8, 5), 4, more=(("own_platform", False),),
    ),
    House(
        "霍山生物医药科技企业孵化器", "341525", "city", date(2020, 4, 20), "biomedicine", 16, 1, 5, 1, 0,
        5200, 1500, 260, (6, 4), 3, more=(("own_platform", True),),
    ),
    House(
        "叶集竹木新材料科技企业孵化器", "341504", "city", date(2021, 3, 9), "materials", 13, 1, 3, 0, 2,
        4200, 800, 150, (5, 3), 2, more=(("own_platform", False),),
    ),
    House(
        "金寨现代农业科技企业孵化器", "341524", "city", date(2021, 8, 27), "agriculture", 11, 2, 2, 1, 0,
        3600, 900, 200, (4, 3), 2,
    ),
    House("霍邱蓼城科技企业孵化器", "341522", "city", date(2022, 5, 16), "", 8, 2, 1, 0, 1, 2800, 500, 100, (4, 2), 1),
)  # fmt: skip
#: The third rose to provincial level this year: a second entry in the register, the same house.
RISEN = (INCUBATORS[2], "provincial", date(2024, 8, 9), "皖科区〔2024〕14号")

_SPACES = (
    ("六安梦想家众创空间", "341502", "provincial", 13, 11, 900, 60, 4, 16),
    ("皖西学子众创空间", "341503", "provincial", 10, 16, 760, 80, 5, 22),
    ("淠河创客众创空间", "341503", "city", 4, 5, 420, 24, 2, 8),
    ("开发区智造众创空间", "341500-KFQ", "provincial", 9, 6, 1100, 50, 4, 12),
    ("叶集家居设计众创空间", "341504", "city", 3, 4, 380, 28, 2, 6),
    ("霍邱返乡创业众创空间", "341522", "city", 4, 6, 520, 32, 3, 9),
    ("舒城青创众创空间", "341523", "provincial", 6, 8, 650, 45, 3, 14),
    ("杭埠电子众创空间", "341523", "city", 5, 3, 560, 30, 3, 10),
    ("金寨红色文创众创空间", "341524", "city", 2, 5, 460, 26, 2, 11),
    ("霍山石斛众创空间", "341525", "city", 4, 4, 510, 30, 3, 10),
    ("金安电商众创空间", "341502", "city", 5, 5, 600, 36, 3, 13),
    ("大别山农创众创空间", "341524", "county", 2, 3, 300, 18, 1, 4),
)
MAKERSPACES = tuple(
    House(
        name, region, level, date(2020, 6, 1 + index), inside=firms, teams=teams, site=site, public=site * 4 // 5,
        seats=seats, staff=(3, 2), mentors=mentors, events=events, kind="makerspace", fund=30,
        overdue=int(index in (4, 8)),
    )
    for index, (name, region, level, firms, teams, site, seats, mentors, events) in enumerate(_SPACES)
)  # fmt: skip
HOUSES = INCUBATORS + MAKERSPACES
