"""May a tenant graduate: what each of the four routes takes, what is there and what is short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from keji.kernel import clock
from keji.lib.rules.found import Verdict
from keji.lib.rules.rule import rules
from keji.modules.platforms.incubators.services.titles import hnte_on
from keji.modules.platforms.incubators.terms import Terms
from keji.modules.platforms.incubators.vocabulary import TENANT, known
from keji.modules.platforms.models import Financing, Tenant, TenantYear

RULE = "tenant_graduation"


def best_pair(revenues: Mapping[int, Decimal]) -> tuple[int, Decimal] | None:
    """(first year, sum) of the two consecutive years with most revenue together; None without two such years."""
    pairs = [(y, revenues[y] + revenues[y + 1]) for y in revenues if y + 1 in revenues]
    return max(pairs, key=lambda pair: (pair[1], pair[0])) if pairs else None


def graduation_facts(tenants: Sequence[Tenant], on: date) -> dict[int, dict[str, Any]]:
    """{tenant: facts} for the rule, three questions for any number of tenants. Money in 万元; None is not known.

    Only what had happened by `on` counts: years that had ended, money that had arrived.
    """
    keys = [t.pk for t in tenants]
    revenues: dict[int, dict[int, Decimal]] = {key: {} for key in keys}
    invested: dict[int, Decimal] = dict.fromkeys(keys, Decimal(0))
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        years = TenantYear.objects.filter(tenant__in=some, year__lt=on.year, revenue__isnull=False)
        for tenant, year, revenue in years.values_list("tenant_id", "year", "revenue"):
            revenues[tenant][year] = revenue
        money = Financing.objects.filter(tenant__in=some, on__lte=on, kind__in=Financing.EQUITY)
        for tenant, amount in money.values_list("tenant_id", "amount"):
            invested[tenant] += amount
    titles = hnte_on([t.firm_id for t in tenants if t.firm_id], on)
    found = {}
    for t in tenants:
        pair = best_pair(revenues[t.pk])
        found[t.pk] = {
            "firm": t.firm_id is not None,
            "hnte": titles.get(t.firm_id) if t.firm_id else False,
            "invested": invested[t.pk],
            "revenue": pair[1] if pair else None,
            "revenue_from": pair[0] if pair else None,
            "deal": bool(t.deal) and (t.deal_on is None or t.deal_on <= on),
        }
    return found


def judge(tenant: Tenant, on: date | None = None) -> Verdict:
    """The verdict on one tenant, by the edition in force on the day."""
    day = on or clock.today()
    return judge_all([tenant], day)[tenant.pk]


def judge_all(tenants: Sequence[Tenant], on: date) -> dict[int, Verdict]:
    """{tenant: verdict}; the numbers of the day are asked once."""
    facts, program = graduation_facts(tenants, on), rules()[RULE].program(on, Terms(on).numbers)
    return {
        t.pk: program.judge(known(TENANT, {k: v for k, v in facts[t.pk].items() if k != "revenue_from"}))
        for t in tenants
    }


def routes(verdict: Verdict) -> tuple[Any, ...]:
    """The four routes of a verdict, each with what is there and what is short."""
    return next(node for node in verdict.nodes if node.key == "route").children()


def why_not(tenant: Tenant, on: date | None = None) -> str:
    """Why this tenant may not graduate on the day, as a sentence; "" when a route holds."""
    verdict = judge(tenant, on)
    if verdict.passed:
        return ""
    if not tenant.firm_id:
        return "团队还没有注册为企业，不能毕业；注册后请先补填统一社会信用代码"
    return "四项毕业条件都还不满足：" + "；".join(said(route) for route in routes(verdict))


def said(route: Any) -> str:
    """One route in a few words: what is there and what is short."""
    if route.passed is None:
        return f"{route.label}：资料不足"
    if route.passed:
        return f"{route.label}：{route.found}"
    return f"{route.label} {route.found}，{route.gap}" if route.gap else f"{route.label}：{route.found}"


def routes_held(tenant: Tenant, on: date | None = None) -> list[str]:
    """The routes that hold, by their names."""
    return [route.label for route in routes(judge(tenant, on)) if route.passed]
