"""Facts, verdicts and tenants as cells, stats and chart specs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from keji.desk.cells import label_of, written
from keji.lib.figures import format_number, to_decimal
from keji.lib.months import whole_months
from keji.lib.rules.found import Verdict
from keji.modules.platforms.incubators.panels import TONES, clock_of
from keji.modules.platforms.incubators.services import graduation
from keji.modules.platforms.incubators.services.board import House
from keji.modules.platforms.incubators.showing import (
    COLUMNS,
    ORDER,
    WORDS,
    asked,
    condition_rows,
    gaps,
    percent,
    tally,
)
from keji.modules.platforms.models import FacilityFacts, Platform, Tenant
from keji.modules.platforms.models.incubator import FACILITY_NAMES, Field

MARKS = {True: ("满足", "green", "check"), False: ("不满足", "red", "x"), None: ("资料不足", "amber", "help")}

# --- the board -------------------------------------------------------------------------------------------------------


def board_columns(kind: str) -> list[dict[str, Any]]:
    names = ["载体", "级别", "在孵", "团队", "使用面积占比", "获投融资占比", "今年毕业", "累计毕业", "超期", "最近期满"]
    if kind == "makerspace":
        names = ["载体", "级别", "企业", "团队", "近一年入驻", "近一年融资", "今年毕业", "累计毕业", "超期", "最近期满"]
    ends = {n for n in names if n not in ("载体", "级别", "最近期满")}
    levels = ["离国家备案"] if kind == "makerspace" else ["离省级", "离国家级"]
    return [{"label": n, "align": "end" if n in ends else "start"} for n in names] + [{"label": n} for n in levels]


def board_row(house: House, kind: str, on: date) -> dict[str, Any]:
    f, url = house.facts, house.url
    held: Any = house.platform.held  # type: ignore[attr-defined]
    third: list[Any] = [percent(f["occupancy"]), percent(_share(f["funded_tenants"], f["tenants"]))]
    if kind == "makerspace":
        third = [f["entrants"], f["funded_year"]]
    cells: list[dict[str, Any]] = [
        {"value": house.platform.name, "url": url, "sub": house.platform.region.name},
        {"value": held.get_level_display()},
        _linked(f["tenants"], f"{url}?show=tenants"),
        _linked(f["teams"], f"{url}?show=teams"),
        *({"value": value, "align": "end"} for value in third),
        _linked(f["graduates_this_year"], f"{url}?show=fresh"),
        _linked(f["graduates"], f"{url}?show=graduates"),
        _linked(f["overdue"], f"{url}?show=overdue"),
        {"value": due_words(house.next_due, on)},
    ]
    cells += [{"value": t["word"], "badge": t["tone"], "url": url} for t in map(tally, house.verdicts)]
    return {"url": url, "cells": cells, "tone": "red" if f["overdue"] else ""}


def _linked(value: int, url: str) -> dict[str, Any]:
    return {"value": format_number(value), "url": url, "align": "end"} if value else {"value": "0", "align": "end"}


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def due_words(day: date | None, on: date) -> str:
    if day is None:
        return "—"
    months = whole_months(on, day)
    return f"{months} 个月后" if months else f"{(day - on).days} 天后"


def board_stats(found: Sequence[House], many: int, total: Mapping[str, int], kind: str) -> list[dict[str, Any]]:
    """`found` are the houses of this page, `many` how many there are, `total` what all of them add up to."""
    where = "其中" if many == len(found) else f"本页 {len(found)} 家中"
    short = sum(any(v.passed is False for v in h.verdicts[:1]) for h in found)
    at = f"/platforms/incubators/tenants?kind={kind}&show="
    return [
        {
            "label": "在孵企业",
            "value": total["tenants"],
            "unit": "家",
            "url": at + "tenants",
            "note": f"另有团队 {format_number(total['teams'])} 个",
        },
        {
            "label": "今年毕业",
            "value": total["graduates_this_year"],
            "unit": "家",
            "url": at + "fresh",
            "note": f"累计 {format_number(total['graduates'])} 家",
        },
        {"label": "超过孵化时限", "value": total["overdue"], "unit": "家", "url": at + "overdue"},
        {"label": "载体", "value": many, "unit": "家", "url": "#matrix", "note": f"{where} {short} 家有条件不满足"},
    ]


def level_tabs(found: Sequence[House], kind: str, level: int, page: int) -> list[dict[str, Any]]:
    if kind == "makerspace" or not found:
        return []
    names = (("provincial", "省级条件"), ("national", "国家级条件"))
    return [
        {"label": label, "url": f"?kind={kind}&level={code}&page={page}#matrix", "active": i == level}
        for i, (code, label) in enumerate(names)
    ]


def matrix(found: Sequence[House], level: int) -> dict[str, Any]:
    """Houses × conditions of one level, each cell a word and a shape."""
    if not found:
        return {}
    verdicts = [h.verdicts[min(level, len(h.verdicts) - 1)] for h in found]
    labels = list(dict.fromkeys(n.label for v in verdicts for n in v.nodes))
    lines = []
    for house, verdict in zip(found, verdicts, strict=True):
        nodes = {n.label: n for n in asked(verdict)}
        cells = [_mark(nodes.get(label)) for label in labels]
        lines.append(
            {"name": short_name(house.platform.name), "url": house.url, "cells": cells, "tally": tally(verdict)}
        )
    return {"labels": labels, "rows": lines, "title": verdicts[0].title, "cites": verdicts[0].cites}


def _mark(node: Any) -> dict[str, str]:
    if node is None:
        return {"word": "不要求", "tone": "plain", "icon": "minus"}
    word, tone, icon = MARKS[node.passed]
    return {"word": word, "tone": tone, "icon": icon, "title": getattr(node, "gap", "") or word}


def charts(found: Sequence[House], kind: str) -> list[dict[str, Any]]:
    names = [short_name(h.platform.name) for h in found]
    living = {
        "kind": "stack",
        "horizontal": True,
        "unit": "家",
        "category_label": "载体",
        "categories": names,
        "series": [
            {"name": "在孵企业", "values": [h.facts["tenants"] for h in found], "tone": "blue"},
            {"name": "团队", "values": [h.facts["teams"] for h in found], "tone": "teal"},
            {"name": "超期", "values": [h.facts["overdue"] for h in found], "tone": "red"},
        ],
    }
    height = max(220, 60 + 34 * len(found))
    drawn: list[dict[str, Any]] = [
        {"name": "living", "title": "各载体里有多少企业和团队", "spec": living, "height": height}
    ]
    if kind == "incubator":
        used = [h for h in found if h.facts["occupancy"] is not None]
        spec = {
            "kind": "bar",
            "horizontal": True,
            "unit": "%",
            "category_label": "载体",
            "categories": [short_name(h.platform.name) for h in used],
            "series": [{"name": "使用面积占比", "values": [_points(h.facts["occupancy"]) for h in used]}],
        }
        drawn.append({"name": "used", "title": "在孵企业使用面积（含公共服务）占比", "spec": spec, "height": height})
    return drawn


def _points(value: Fraction) -> str:
    return str(to_decimal(value * 100, 1))


def short_name(name: str) -> str:
    return name.replace("科技企业孵化器", "孵化器")


# --- one house -------------------------------------------------------------------------------------------------------

TENANT_COLUMNS: list[dict[str, Any]] = [
    {"label": t} for t in ("企业（团队）", "技术领域", "入驻日期", "孵化期满日", "孵化时钟", "状态")
]
TABS = (
    ("tenants", "在孵企业"),
    ("overdue", "超期"),
    ("soon", "半年内期满"),
    ("ready", "可申请毕业"),
    ("teams", "团队"),
    ("silent", "缺年度数据"),
    ("funded", "获投融资"),
    ("graduates", "已毕业"),
    ("fresh", "今年毕业"),
    ("waiting", "待办理"),
)


def show_tabs(numbers: dict[str, int], show: str, query: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"{query}show={code}#tenants", "active": code == show, "count": numbers[code]}
        for code, label in TABS
    ]


def tenant_row(tenant: Tenant, on: date, house: bool = False) -> dict[str, Any]:
    bar = clock_of(tenant, on)
    running = tenant.state in ("incubating", "graduating")
    cells = [
        {"value": tenant.name, "sub": "" if tenant.firm_id else "团队，尚未注册"},
        {"value": tenant.get_field_display()},
        {"value": tenant.entered_on},
        {"value": tenant.due_on},
        {"value": bar["words"], "badge": bar["tone"] if running else ""},
        {"value": tenant.get_state_display(), "badge": TONES[tenant.state]},
    ]
    if house:
        at = f"/platforms/incubators/{tenant.incubator_id}"
        cells.append({"value": short_name(tenant.incubator.name), "url": at})
    tone = bar["tone"] if running and bar["tone"] in ("red", "amber") else ""
    return {"url": f"/d/tenants/{tenant.pk}", "tone": tone, "cells": cells}


def house_stats(house: Platform, facts: dict[str, Any], numbers: dict[str, int]) -> list[dict[str, Any]]:
    at = f"/platforms/incubators/{house.pk}?show="
    found: list[dict[str, Any]] = [
        {
            "label": "在孵企业",
            "value": facts["tenants"],
            "unit": "家",
            "url": at + "tenants",
            "note": f"另有团队 {facts['teams']} 个",
        },
        {
            "label": "超期",
            "value": facts["overdue"],
            "unit": "家",
            "url": at + "overdue",
            "note": f"半年内期满 {numbers['soon']} 家",
        },
        {
            "label": "累计毕业",
            "value": facts["graduates"],
            "unit": "家",
            "url": at + "graduates",
            "note": f"今年 {facts['graduates_this_year']} 家",
        },
    ]
    if house.kind == Platform.Kind.MAKERSPACE:
        seats = "—" if facts["seats"] is None else format_number(facts["seats"])
        return [
            *found,
            {"label": "近一年入驻", "value": facts["entrants"], "unit": "家"},
            {"label": "使用工位", "value": facts["seats_used"], "unit": "个", "note": f"共 {seats} 个"},
        ]
    used, site = facts["used_area"], facts["site_area"]
    area = f"{format_number(used, '㎡')} / {format_number(site, '㎡')}" if used is not None and site else "场地情况未填"
    density = "—" if facts["density"] is None else format_number(facts["density"], places=2)
    return [
        *found,
        {"label": "使用面积占比", "value": percent(facts["occupancy"]), "unit": "", "note": area, "url": "#facility"},
        {"label": "每千㎡在孵", "value": density, "unit": "家", "url": at + "tenants"},
        {
            "label": "获投融资占比",
            "value": percent(_share(facts["funded_tenants"], facts["tenants"])),
            "unit": "",
            "url": at + "funded",
            "note": f"{facts['funded_tenants']} 家，资金案例 {facts['fund_cases']} 个",
        },
    ]


def verdict_card(verdict: Verdict) -> dict[str, Any]:
    """A level: how far, what is missing in sentences, and every condition."""
    nodes = sorted(asked(verdict), key=lambda n: ORDER[n.passed])
    return {
        "title": verdict.title,
        "tally": tally(verdict),
        "gaps": list(gaps(verdict)),
        "columns": COLUMNS,
        "rows": condition_rows(nodes),
        "cites": verdict.cites,
        "edition": verdict.edition,
        "word": WORDS[verdict.passed][0],
        "code": verdict.rule,
    }


def facility_facts(house: Platform, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """What is known of the house now, whichever row said it."""
    space = house.kind == Platform.Kind.MAKERSPACE
    skipped = {"type", "industry", "own_platform", "statistics_years"} if space else {"seats", "events"}
    shown = {"type": dict(FacilityFacts.Type.choices), "industry": dict(Field.choices)}
    found = []
    for name in FACILITY_NAMES:
        if name in skipped or name == "operating_since":
            continue
        value = facts[name]
        words = shown[name].get(value, "") if name in shown else "" if value is None else written(value)
        found.append({"label": label_of(FacilityFacts, name), "value": words})
    months = facts["operating_months"]
    found.append({"label": "已运营", "value": "" if months is None else f"{months // 12} 年 {months % 12} 个月"})
    return found


# --- a firm that lives there, graduates ------------------------------------------------------------------------------


def own_tenancy(tenant: Tenant, on: date) -> dict[str, Any]:
    verdict = graduation.judge(tenant, tenant.left_on or on)
    return {
        "tenant": tenant,
        "url": f"/d/tenants/{tenant.pk}",
        "clock": clock_of(tenant, on),
        "tone": TONES[tenant.state],
        "passed": verdict.passed,
        "columns": COLUMNS,
        "rows": condition_rows(graduation.routes(verdict), settled=verdict.passed is True),
    }


GRADUATE_COLUMNS: list[dict[str, Any]] = [
    *({"label": t} for t in ("毕业企业", "载体", "毕业日期", "毕业依据", "最近回访", "仍在本市", "高新技术企业")),
    {"label": "上年营业收入（万元）", "align": "end"},
    {"label": ""},
]


def graduate_row(tenant: Tenant, visit: Any, on: date, may: bool) -> dict[str, Any]:
    due = (
        tenant.left_on is not None
        and tenant.left_on.year < on.year
        and (visit is None or visit.visited_on.year < on.year)
    )
    add: dict[str, Any] = {"value": ""}
    if may and due:
        add = {"value": "登记回访", "url": f"/d/graduate-visits/new?tenant={tenant.number}"}
    return {
        "url": f"/d/tenants/{tenant.pk}",
        "cells": [
            {"value": tenant.name, "sub": tenant.region.name},
            {"value": short_name(tenant.incubator.name)},
            {"value": tenant.left_on},
            {"value": tenant.graduation_route or "—"},
            {"value": visit.visited_on if visit else "没有回访过"},
            {"value": written(visit.in_city) if visit else "—"},
            {"value": written(visit.hnte) if visit else "—"},
            {"value": visit.revenue if visit else None, "number": True},
            add,
        ],
    }


GRADUATE_TABS = (("open", "今年还没有回访"), ("seen", "今年已回访"), ("all", "全部毕业企业"))


def graduate_stats(lists: Mapping[str, QuerySet[Any]]) -> list[dict[str, Any]]:
    labels = (
        ("all", "累计毕业"),
        ("seen", "今年已回访"),
        ("grown", "其中已是高新技术企业"),
        ("gone", "其中已离开本市"),
    )
    return [
        {"label": label, "value": lists[show].count(), "unit": "家", "url": f"?show={show}"} for show, label in labels
    ]
