"""The expert draw: the fairest lottery, its panels and its proof; sortition-algorithms beside."""

from __future__ import annotations

import numpy as np

from keji.lib.draw import Expert, Pool, Quota, Request

DISCIPLINES, REGIONS = 12, ("本市", "省内", "省外")


def shares(count: int, power: float) -> np.ndarray:
    weights = 1.0 / np.arange(1, count + 1) ** power
    return weights / weights.sum()


def city(experts: int, seed: int, seats: int = 15) -> tuple[Pool, Request]:
    """A pool as a province's library might be, and a request with fifteen quotas over five categories."""
    rng = np.random.default_rng(seed)
    employers = max(1, experts // 8)
    of_region = rng.choice(3, size=employers, p=(0.45, 0.35, 0.20))
    employer = rng.choice(employers, size=experts, p=shares(employers, 0.8))
    discipline = rng.choice(DISCIPLINES, size=experts, p=shares(DISCIPLINES, 0.7))
    role = rng.choice(("技术", "管理", "财务"), size=experts, p=(0.72, 0.18, 0.10))
    gender = rng.choice(("男", "女"), size=experts, p=(0.74, 0.26))
    title = rng.choice(("正高", "副高", "其他"), size=experts, p=(0.45, 0.40, 0.15))
    pool = Pool.of(
        Expert(
            id=f"E{i:05d}",
            employer=f"U{employer[i]:04d}",
            features={
                "学科": f"D{discipline[i]:02d}",
                "类型": str(role[i]),
                "地区": REGIONS[of_region[employer[i]]],
                "性别": str(gender[i]),
                "职称": str(title[i]),
            },
        )
        for i in range(experts)
    )
    return pool, request(seats)


def request(seats: int) -> Request:
    """The quotas at fifteen seats, in proportion for more."""
    times = seats // 15
    of_discipline = [(5, 7), (2, 4), (1, 3)] + [(0, 2)] * (DISCIPLINES - 3)
    bounds = {("学科", f"D{i:02d}"): pair for i, pair in enumerate(of_discipline)}
    bounds |= {("类型", "技术"): (9, 11), ("类型", "管理"): (2, 3), ("类型", "财务"): (2, 3)}
    bounds |= {("地区", "本市"): (4, 6), ("地区", "省内"): (5, 7), ("地区", "省外"): (3, 5)}
    bounds |= {("性别", "男"): (9, 12), ("性别", "女"): (3, 6)}
    bounds |= {("职称", "正高"): (6, 10), ("职称", "副高"): (4, 8), ("职称", "其他"): (0, 2)}
    quotas = tuple(Quota(c, v, low * times, high * times) for (c, v), (low, high) in bounds.items())
    return Request(seats, quotas, employer_cap=1, substitutes=seats, even_allowed=True)
