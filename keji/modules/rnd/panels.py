"""What stands on the pages of projects, statements and cases beside their facts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.cells import label_of, written
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.lib.figures import format_number, format_percent, to_decimal
from keji.lib.rnd_items import LABELS, NAMES
from keji.lib.rules import vocabulary
from keji.modules.rnd.forms import EquipmentForm, VisitForm
from keji.modules.rnd.models import Code, RndProject, RndStatement, SpendMonth, ZeroingCase
from keji.modules.rnd.models.codes import label_of_code
from keji.modules.rnd.services.exports import problem_lines
from keji.modules.rnd.services.facts import on_file, said_by
from keji.modules.rnd.services.spending import locked_years, month_problem
from keji.modules.rnd.services.statements import known_of
from keji.modules.rnd.services.totals import both, items_by_project, items_of_party, super_deduction

Cells = list[dict[str, Any]]


def end(value: Any, **more: Any) -> dict[str, Any]:
    return {"value": value, "number": True, "align": "end", **more}


def may_write(request: HttpRequest, record: Any) -> bool:
    return bool(record.access.reaches(actor_of(request), record.access.write, record))


def year_shown(request: HttpRequest, project: RndProject) -> int:
    """The year asked for, else the newest one the project runs in and that has begun."""
    text = request.GET.get("year", "")
    if text.isdecimal() and 2000 <= int(text[:4]) <= 2100 and len(text) == 4:
        return int(text)
    last = int(project.ends[:4]) if project.ends else clock.today().year
    return max(min(last, clock.today().year), int(project.starts[:4]))


def spend_panel(request: HttpRequest, project: RndProject) -> dict[str, Any]:
    """A year's twelve months: what was filed, what is missing, each opening its form."""
    year, today = year_shown(request, project), clock.today()
    known = {r.month: r for r in SpendMonth.objects.filter(project=project, year=year)}
    writes = may_write(request, project) and (project.party_id, year) not in locked_years({project.party_id}, {year})
    rows = []
    for month in range(1, 13):
        record, why = known.get(month), month_problem(project, year, month, today)
        if record is None and why:
            continue
        url = f"/rnd/projects/{project.pk}/month/{year}/{month}" if writes and not why else ""
        url = url or (f"/d/rnd-spend/{record.pk}" if record else "")
        cells: Cells = [{"value": f"{month}月", "url": url}]
        if record is None:
            over = f"{year}{month:02d}" < f"{today:%Y%m}"
            missing = {"value": "未填", "badge": "amber"} if over else {"value": "本月未结束", "badge": "gray"}
            cells += [missing, *({"value": ""} for _ in range(3))]
        else:
            inside = to_decimal(record.items.internal, 2)
            cells += [
                end(record.total, places=2),
                end(inside, places=2),
                {"value": record.updated_by},
                {"value": written(record.updated_at)},
            ]
        rows.append({"cells": cells})
    first = int(project.starts[:4])
    last = max(min(int(project.ends[:4]) if project.ends else today.year, today.year), first)
    return {
        "columns": [{"label": "月份"}]
        + [{"label": t, "align": "end"} for t in ("支出合计（元）", "其中内部支出（元）")]
        + [{"label": "填报人"}, {"label": "更新时间"}],
        "rows": rows,
        "year": year,
        "tabs": [{"label": f"{y}年", "url": f"?year={y}", "active": y == year} for y in range(first, last + 1)][-6:],
        "total": sum((r.total for r in known.values()), start=0),
        "budget": project.budget,
    }


def totals_panel(request: HttpRequest, project: RndProject) -> dict[str, Any]:
    """The two totals of the project's year, and of all the firm's projects, where the caps apply."""
    year = year_shown(request, project)
    items = items_by_project([project.pk], year).get(project.pk)
    whole = items_of_party(project.party, year)
    found = both(whole, year)
    if found is None or not whole.spent:
        return {"year": year, "uncounted": found is None and bool(whole.spent), "empty": True}
    recognised, deductible = found
    ratio, basis = super_deduction(project.party, year)
    more = None if ratio is None else to_decimal(ratio * deductible.total, 2)

    def line(label: str, amount: Any) -> dict[str, Any]:
        return {"cells": [{"value": label}, end(to_decimal(amount, 2), places=2)]}

    return {
        "year": year,
        "project_spent": to_decimal(items.spent, 2) if items else None,
        "columns": [{"label": "项目"}, {"label": "金额（元）", "align": "end"}],
        "recognised": [line(t, a) for t, a in recognised.lines],
        "recognised_total": line("合计", recognised.total)["cells"],
        "home_share": format_percent(recognised.home_share),
        "deductible": [line(t, a) for t, a in deductible.lines],
        "deductible_total": line("合计", deductible.total)["cells"],
        "ratio": None if ratio is None else format_percent(ratio, places=0),
        "ratio_basis": basis,
        "more": more,
    }


def years_panel(request: HttpRequest, project: RndProject) -> dict[str, Any]:
    """The yearly figures, with every check a finished year would fail."""
    today = clock.today()
    first = int(project.starts[:4])
    last = min(int(project.ends[:4]) if project.ends else today.year, today.year)
    have = {p.year: p for p in project.years.all()}
    names = ("staff", "person_months", "government", "stage_code", "ledger_total")
    rows, problems = [], []
    for year in sorted({*have, *range(first, last + 1)}, reverse=True):
        part = have.get(year)
        url = f"/rnd/projects/{project.pk}/year/{year}" if may_write(request, project) else ""
        values = [getattr(part, n) if part else None for n in names]
        values[3] = label_of_code(Code.List.STAGE, year, values[3]) if values[3] else None
        rows.append(
            {"cells": [{"value": f"{year}年", "url": url}, *({"value": written(v), "align": "end"} for v in values)]}
        )
        said = problem_lines([project], year).get(project.pk, []) if project.filed_on else []
        problems += [f"{year}年：{text}" for text in said]
    labels = ("人员（人）", "工作时间（人月）", "政府资金（元）", "进展阶段", "辅助账合计（元）")
    columns = [{"label": "年度"}, *({"label": label, "align": "end"} for label in labels)]
    return {"columns": columns, "rows": rows, "problems": problems}


def equipment_panel(request: HttpRequest, project: RndProject) -> dict[str, Any]:
    open_ = project.state not in ("closed", "withdrawn")
    return {
        "rows": list(project.equipment.all()),
        "form": EquipmentForm() if open_ and may_write(request, project) else None,
        "add_url": f"/rnd/projects/{project.pk}/equipment",
    }


def versions_panel(request: HttpRequest, project: RndProject) -> dict[str, Any]:
    found = []
    for version in project.versions.all()[:20]:
        changes = [{"label": k, "before": b, "after": a} for k, (b, a) in version.changes.items()]
        found.append({"version": version, "changes": changes})
    return {"versions": found}


def compare_panel(request: HttpRequest, statement: RndStatement) -> dict[str, Any]:
    """The statement beside what the firm's filed projects add up to: differences are shown, not settled."""
    known = known_of(statement.party, statement.year)
    rows = []
    for name in ("project_count", "rnd_expense", *NAMES):
        here, there = getattr(statement, name), known.get(name)
        away = None if here is None or there is None else here - there
        label = LABELS.get(name) or label_of(RndStatement, name)
        cells: Cells = [{"value": label}, end(here), end(there)]
        cells.append(
            {"value": "相符", "badge": "green"} if away == 0 else end(away) if away is not None else {"value": "—"}
        )
        rows.append({"cells": cells})
    columns = [{"label": "项目"}, *({"label": t, "align": "end"} for t in ("本表", "备案项目合计", "差异"))]
    return {"columns": columns, "rows": rows if known else [], "year": statement.year}


def facts_panel(request: HttpRequest, statement: RndStatement) -> dict[str, Any]:
    """The statement beside the firm's file of the same year, and the act that writes it there."""
    said, known = said_by(statement), on_file(statement.party, statement.year)
    rows = []
    for name, value in said.items():
        there = known.get(name)
        word = {"value": "档案没有", "badge": "amber"} if there is None else {"value": "不一致", "badge": "red"}
        same = {"value": "一致", "badge": "green"} if there == value else word
        rows.append({"cells": [{"value": vocabulary.fact(name).label}, end(value), end(there), same]})
    columns = [
        {"label": "项目"},
        *({"label": t, "align": "end"} for t in ("本表（元）", "一企一档（元）")),
        {"label": "核对"},
    ]
    open_ = statement.state == "confirmed" and any(known.get(n) != v for n, v in said.items())
    may = open_ and actor_of(request).has(Role.OFFICER, Role.COUNTY) and may_write(request, statement)
    return {"columns": columns, "rows": rows, "url": f"/rnd/statements/{statement.pk}/facts" if may else ""}


def visits_panel(request: HttpRequest, case: ZeroingCase) -> dict[str, Any]:
    writes = may_write(request, case) and case.settled_on is None
    return {
        "visits": list(case.visits.all()[:50]),
        "form": VisitForm(initial={"on": clock.today()}) if writes else None,
        "url": f"/rnd/cases/{case.pk}/visit",
    }


def known_panel(request: HttpRequest, case: ZeroingCase) -> dict[str, Any]:
    """Every record that could be evidence, with its number: claiming is copying one of them."""
    actor = actor_of(request)
    rows = []
    for project in RndProject.objects.visible_to(actor).filter(party=case.party).order_by("-pk")[:10]:
        spent = sum((r.total for r in project.spending.all()), start=0)
        text = f"{project.span}，已填支出 {format_number(spent, '元', places=0)}"
        rows.append(
            (
                "研发项目",
                project.number,
                project.name,
                project.get_state_display(),
                text,
                f"/d/rnd-projects/{project.pk}",
            )
        )
    for found in RndStatement.objects.visible_to(actor).filter(party=case.party).order_by("-year")[:5]:
        said = (
            ("研发项目", found.project_count, "项"),
            ("研发费用", found.rnd_expense, "元"),
            ("研发机构", found.institutes, "个"),
        )
        text = "，".join(f"{t} {'未填' if v is None else format_number(v, u)}" for t, v, u in said)
        rows.append(
            (
                "年度研发情况",
                found.number,
                f"{found.year}年度",
                found.get_state_display(),
                text,
                f"/d/rnd-statements/{found.pk}",
            )
        )
    columns = [{"label": t} for t in ("类别", "编号", "名称", "状态", "内容")]
    shown = [
        {"cells": [{"value": k}, {"value": n, "url": u, "mono": True}, {"value": t}, {"value": s}, {"value": c}]}
        for k, n, t, s, c, u in rows
    ]
    return {"columns": columns, "rows": shown}
