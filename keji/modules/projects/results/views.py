"""A unit tells one year's results of one project: what is known stands beside every field."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse

from keji.desk.acts import attempt, to_record, visible_or_404
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.projects.fields import in_wan
from keji.modules.projects.models import Project
from keji.modules.projects.pages import form_page, refuse
from keji.modules.projects.results.forms import ResultForm
from keji.modules.projects.results.services import results

MONEY = ("revenue", "tax", "conversion")


def _hint(name: str, known: dict[str, Any], beside: dict[str, Any]) -> str:
    """What the house knows already, in words."""

    def said(value: Any) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        return f"{in_wan(value)} 万元" if name in MONEY else f"{value:,}"

    parts = []
    if name in known:
        value, source = known[name]
        parts.append(f"已知：{source} {said(value)}")
    if name in beside:
        value, label = beside[name]
        parts.append(f"单位{label} {said(value)}，不能超过")
    return "；".join(parts)


@page(Role.OFFICER, Role.ENTERPRISE, Role.INSTITUTION)
def tell(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    project, actor = visible_or_404(request, Project, pk), actor_of(request)
    refuse(results.reporting_refusal(project, year, actor, clock.today()))
    row = project.results.filter(year=year).first()
    usual = {n: getattr(row, n) for n in results.COLUMNS} if row else {}
    fixed = {"project": project.number, "year": year}
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data.update({"project": project.number, "year": str(year)})
    form = ResultForm(data, actor=actor, initial=usual | fixed)
    known, beside = results.known_of(project, year), results.beside(project, year)
    for name in results.COLUMNS:
        if hint := _hint(name, known, beside):
            form.fields[name].help_text = hint
    if data is not None and form.is_valid():
        act = partial(results.tell, project, year, form.cleaned_data, actor=actor, at=clock.now())
        if attempt(request, act, f"已报送 {year} 年成果。"):
            return to_record("projects", project)
    return form_page(
        request,
        project,
        form,
        f"{year}年成果",
        desk="projects",
        list_title="科技计划项目",
        fieldsets=[{"title": title, "fields": [form[n] for n in names]} for title, names in ResultForm.fieldsets[1:]],
        note="只填这个项目的成果；不知道的不填，没有的填 0",
    )
