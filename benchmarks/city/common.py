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


# What a bureau and its firms write all day, a table each; the acts of a working hour take turns.
ACTS = (
    "enterprises.Certification facts.Statement projects.Proposal rnd.RndProject platforms.Tenant plan.FollowUp "
    "experts.Expert enterprises.Visit projects.Review indicators.ReportedFigure parties.Party rnd.ZeroingCase "
    "projects.Payment enterprises.Application platforms.Platform horserace.FigureQuestion integrity.Case "
    "enterprises.CultivationEntry projects.YearReport documents.Paper enterprises.EnterpriseProfile experts.Seat "
    "rnd.SpendMonth records.PublicNotice"
).split()


def at_work(path: Path) -> Path:
    """Before each request somebody has written something somewhere in the house."""
    return _after(path, ACTS)


def changed(path: Path | str, *tables: str) -> Path:
    """Before each request one of these tables has been written, so that what was counted from it is counted anew."""
    return _after(path if callable(path) else plain(path), tables)


def _after(path: Path, tables: Sequence[str]) -> Path:
    from django.apps import apps
    from django.db.models import F

    from keji.kernel import clock
    from keji.kernel.audit.log import log, writing
    from keji.kernel.people.roles import Actor
    from keji.modules.plan.models import Plan

    plan = Plan.objects.order_by("pk")[0]

    def path_after_an_act(n: int) -> str:
        model = apps.get_model(tables[n % len(tables)])
        key, rows = model._meta.pk.name, model._base_manager
        with writing(Actor.system("测速"), clock.now()):
            rows.filter(pk=rows.values_list("pk", flat=True).first()).update(**{key: F(key)})
            log("测速", plan)
        return path(n)

    return path_after_an_act
