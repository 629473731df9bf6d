"""Addresses that change from request to request, as they do between people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

WORDS = ("恒瑞", "鼎盛", "华诚", "宏远", "创新", "科力", "中正", "天成", "瑞丰", "博远", "新材料", "汽车", "9134150")
REGIONS = ("341502", "341503", "341504", "341522", "341523", "341524", "341525", "341500-KFQ")
Path = Callable[[int], str]


def plain(path: str) -> Path:
    return lambda _: path


def by_region(path: str, **asked: str) -> Path:
    """The page of one region after the other."""
    return lambda n: f"{path}?" + urlencode({**asked, "region": REGIONS[n % len(REGIONS)]})


def sorted_by(desk: str, sorts: str) -> Path:
    choices = sorts.split()
    return lambda n: f"/d/{desk}/?" + urlencode({"sort": choices[n % len(choices)], "page": "2"})


def narrowed(desk: str, sorts: str, **more: str) -> Path:
    choices = sorts.split()

    def path(n: int) -> str:
        asked = {"q": WORDS[n % len(WORDS)], "region": REGIONS[n % len(REGIONS)], **more}
        return f"/d/{desk}/?" + urlencode(asked | {"sort": choices[n % len(choices)], "page": "2"})

    return path


def searched(desk: str) -> Path:
    return lambda n: f"/d/{desk}/?" + urlencode({"q": WORDS[n % len(WORDS)]})


def one_of(path: str, keys: Sequence[Any]) -> Path:
    """`path` with {} for the key of one record after the other."""
    return lambda n: path.format(keys[n % len(keys)])


def changed(path: Path | str) -> Path:
    """Whatever was remembered of the figures does not hold any more: they are counted anew."""
    from keji.kernel import clock
    from keji.kernel.audit.log import log, writing
    from keji.kernel.people.roles import Actor
    from keji.modules.plan.models import Plan

    plan = Plan.objects.order_by("pk")[0]
    asked = path if callable(path) else plain(path)

    def path_after_a_change(n: int) -> str:
        with writing(Actor.system("测速"), clock.now()):
            log("测速", plan)
        return asked(n)

    return path_after_a_change
