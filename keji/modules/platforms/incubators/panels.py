"""What stands on a tenant's page beside its facts: its clock, what graduating takes, its years, its later life."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from keji.desk.cells import written
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.lib.months import whole_months
from keji.modules.platforms.incubators.services import graduation
from keji.modules.platforms.incubators.services.houses import may_write
from keji.modules.platforms.incubators.services.rules import judge_incubation
from keji.modules.platforms.incubators.services.titles import titles_of
from keji.modules.platforms.incubators.showing import COLUMNS, condition_rows
from keji.modules.platforms.models import Financing, Tenant

#: How a tenant's state looks.
TONES = {
    "reported": "blue",
    "returned": "amber",
    "incubating": "green",
    "graduating": "violet",
    "graduated": "teal",
    "left": "gray",
    "void": "gray",
}
NEAR = 6  # months before the end in which a tenant is warned of it


def clock_of(tenant: Tenant, on: date) -> dict[str, Any]:
    """A tenant's clock for a bar: months spent and allowed, a word and a tone."""
    end = tenant.left_on or on
    spent, allowed = max(0, whole_months(tenant.entered_on, end)), whole_months(tenant.entered_on, tenant.due_on)
    tone = "blue"
    if tenant.left_on is None and tenant.state in ("incubating", "graduating"):
        left = whole_months(on, tenant.due_on) if tenant.due_on >= on else -1
        tone = "red" if left < 0 else "amber" if left < NEAR else "green"
    return {"spent": min(spent, allowed), "months": spent, "allowed": allowed, "tone": tone, "words": tenant.clock}


def clock_panel(request: HttpRequest, tenant: Tenant) -> dict[str, Any]:
    today = clock.today()
    verdict = judge_incubation(tenant, min(today, tenant.left_on or today))
    return {
        "clock": clock_of(tenant, today),
        "verdict": verdict,
        "rows": condition_rows(verdict.nodes),
        "columns": COLUMNS,
    }


def graduation_panel(request: HttpRequest, tenant: Tenant) -> dict[str, Any]:
    on = tenant.left_on or clock.today()
    verdict = graduation.judge(tenant, on)
    facts = graduation.graduation_facts([tenant], on)[tenant.pk]
    since = facts["revenue_from"]
    years = f"营业收入按{since}年和{since + 1}年两年累计。" if since else "还没有连续两年的营业收入。"
    return {
        "verdict": verdict,
        "rows": condition_rows(graduation.routes(verdict), settled=verdict.passed is True),
        "columns": COLUMNS,
        "note": years,
        "graduated": tenant.state == Tenant.State.GRADUATED,
    }


def told_panel(request: HttpRequest, tenant: Tenant) -> dict[str, Any]:
    """Years, money and titles, with the way to add what is missing."""
    actor = actor_of(request)
    may = may_write(actor, tenant.incubator)
    titles = titles_of(tenant.firm_id, clock.today(), actor) if tenant.firm_id else []
    return {
        "years": [_year_row(y) for y in tenant.years.all()[:10]],
        "year_columns": [
            {"label": "年度"},
            *(
                {"label": t, "align": "end"}
                for t in ("营业收入（万元）", "研发投入（万元）", "从业人员", "申请专利", "有效产权")
            ),
        ],
        "money": [_money_row(m) for m in tenant.financings.all()[:20]],
        "money_columns": [
            {"label": "到账日期"},
            {"label": "方式"},
            {"label": "金额（万元）", "align": "end"},
            {"label": "出资方"},
            {"label": "来源"},
        ],
        "titles": titles,
        "may_add": may,
        "query": f"?tenant={tenant.number}",
    }


def _year_row(year: Any) -> dict[str, Any]:
    numbers = (year.revenue, year.rnd_expense, year.employees, year.patents_applied, year.valid_ip)
    cells: list[dict[str, Any]] = [{"value": str(year.year)}]
    cells += [{"value": n, "number": True} for n in numbers]
    return {"url": f"/d/tenant-years/{year.pk}", "cells": cells}


def _money_row(money: Financing) -> dict[str, Any]:
    kind = money.get_kind_display() + ("（本载体资金）" if money.own_fund else "")
    cells = [
        {"value": money.on},
        {"value": kind},
        {"value": money.amount, "number": True},
        {"value": money.investor},
        {"value": money.get_source_display()},
    ]
    return {"url": f"/d/financings/{money.pk}", "cells": cells}


def visits_panel(request: HttpRequest, tenant: Tenant) -> dict[str, Any]:
    graduated = tenant.state == Tenant.State.GRADUATED
    rows = [
        {
            "url": f"/d/graduate-visits/{v.pk}",
            "cells": [
                {"value": v.visited_on},
                {"value": written(v.in_city)},
                {"value": written(v.hnte)},
                {"value": v.revenue, "number": True},
                {"value": v.note},
            ],
        }
        for v in (tenant.visits.all()[:20] if graduated else ())
    ]
    columns: list[dict[str, Any]] = [{"label": t} for t in ("回访日期", "仍在本市", "高新技术企业")]
    columns += [{"label": "上年营业收入（万元）", "align": "end"}, {"label": "需求和服务情况"}]
    return {
        "graduated": graduated,
        "rows": rows,
        "columns": columns,
        "may_add": graduated and may_write(actor_of(request), tenant.incubator),
        "query": f"?tenant={tenant.number}",
    }
