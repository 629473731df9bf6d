"""A firm's file: what is known, from whom, what each source said; the form that fills it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.files import blob_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import attachments_of
from keji.kernel.facts.models import FILE_ACCESS, LIVE, FactFile, Filing, Statement
from keji.kernel.facts.services import confirm, origin_of, withdraw
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.rules import vocabulary
from keji.modules.enterprises.burden.services import burden_of
from keji.modules.enterprises.facts.asking import YEARS_BACK, every_fact, grouped, items, keys_for, purposes
from keji.modules.enterprises.facts.form import UNITS, FactsForm
from keji.modules.enterprises.facts.services import save_form

READERS = (Role.LEADER, Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSPECTOR)
WRITERS = (Role.OFFICER, Role.COUNTY, Role.ENTERPRISE)
EARLIEST = 2015
MOST_FILES = 5


def firm_of(request: HttpRequest, party: int) -> Party:
    """The unit, if this person may see it; otherwise it does not exist for them."""
    firm = Party.objects.visible_to(actor_of(request)).filter(pk=party).first()
    if firm is None:
        raise Http404("没有找到这个单位，或者它不在您的查看范围内。")
    return firm


def may_write(firm: Party, actor: Actor) -> bool:
    return FILE_ACCESS.reaches(actor, FILE_ACCESS.write, FactFile(party=firm))


def year_of(request: HttpRequest) -> int:
    """The year of the case: its facts are of the years before."""
    text, this = request.GET.get("year", ""), clock.today().year
    return int(text) if len(text) == 4 and text.isdecimal() and EARLIEST <= int(text) <= this + 1 else this


def crumbs(firm: Party, *more: tuple[str, str]) -> list[tuple[str, str]]:
    found = [
        ("单位", "/d/parties/"),
        (firm.name, f"/d/parties/{firm.pk}"),
        ("一企一档", f"/enterprises/{firm.pk}/facts"),
    ]
    return [*found, *more]


@page(*READERS)
def file(request: HttpRequest, party: int) -> HttpResponse:
    """Everything known of one unit: groups by years, each value with its source and state."""
    firm, actor, year, today = firm_of(request, party), actor_of(request), year_of(request), clock.today()
    needed = set(keys_for("", today))
    found = items(firm, year, today, sorted({*every_fact(), *needed}), actor)
    for item in found:
        item.needed = (item.fact.name, year - item.year if item.year else 0) in needed
    waiting = Statement.objects.writable_by(actor).filter(party=firm, state=Statement.State.STATED)
    others = waiting.exclude(stated_by_account_id=actor.id)
    years = [year - back for back in reversed(YEARS_BACK)]
    context = {
        "firm": firm,
        "years": years,
        "tabs": [{"label": f"{y}年度", "url": f"?year={y}", "active": y == year} for y in _cases()],
        "groups": [_laid_out(group["title"], group["items"], years) for group in grouped(found)],
        "counts": _counts(found),
        "unchecked": others.count() if actor.has(Role.OFFICER, Role.COUNTY) else 0,
        "purposes": [
            {"title": title, "url": f"{reverse('facts-form', args=[firm.pk])}?for={code}&year={year}"}
            for code, title in purposes(today).items()
        ],
        "may_write": may_write(firm, actor),
        "filings": Filing.objects.filter(party=firm)[:6],
        "burden": burden_of(firm, today.year),
        "burden_url": reverse("burden-firm", args=[firm.pk]),
        "form_url": f"{reverse('facts-form', args=[firm.pk])}?year={year}",
        "rules_url": f"/enterprises/{firm.pk}/rules",
        "page_title": "一企一档",
        "page_subtitle": f"{firm.name}　{years[0]}至{years[-1]}年资料，供{year}年度各项认定、评价共用",
        "crumbs": crumbs(firm)[:-1] + [("一企一档", "")],
    }
    return render(request, "enterprises/facts_file.html", context)


def _cases() -> list[int]:
    this = clock.today().year
    return [this - 1, this, this + 1]


def _laid_out(title: str, found: list[Any], years: list[int]) -> dict[str, Any]:
    """A group's annual facts as a table by years and its standing ones as a list."""
    annual: dict[str, dict[str, Any]] = {}
    for item in found:
        if item.year:
            row = annual.setdefault(item.fact.name, {"fact": item.fact, "cells": dict.fromkeys(years)})
            row["cells"][item.year] = item
    rows = [{"fact": r["fact"], "cells": list(r["cells"].values())} for r in annual.values()]
    return {"title": title, "annual": rows, "standing": [i for i in found if not i.year]}


def _counts(found: list[Any]) -> dict[str, int]:
    return {
        "known": sum(i.value is not None for i in found),
        "unknown": sum(i.value is None and not i.open and i.needed for i in found),
        "open": sum(i.open and i.value is None for i in found),
        "stated": sum(any(s.state == "stated" for s in i.rows) for i in found),
        "expired": sum(i.expired is not None and not i.rows for i in found),
    }


@page(Role.ENTERPRISE)
def mine(request: HttpRequest) -> HttpResponse:
    """A firm's own file, without knowing its address; whoever speaks for several chooses on the workbench."""
    own = sorted(actor_of(request).parties)
    return redirect("facts-file", own[0]) if len(own) == 1 else redirect("home")


@page(*READERS)
def history(request: HttpRequest, party: int, name: str) -> HttpResponse:
    """All that was ever said of one fact of one unit, by whom, and what became of it."""
    firm, actor = firm_of(request, party), actor_of(request)
    if name not in vocabulary.facts():
        raise Http404("没有这项资料。")
    fact, own = vocabulary.fact(name), origin_of(actor)
    rows = Statement.objects.filter(party=firm, name=name).select_related("filing").order_by("-year", "-stated_at")
    writes = may_write(firm, actor)
    context = {
        "firm": firm,
        "fact": fact,
        "rows": [
            {
                "s": s,
                "text": fact.text(s.value),
                "tone": {"stated": "amber", "confirmed": "green", "settled": "teal"}.get(s.state, "gray"),
                "files": list(attachments_of(s.filing)) if s.filing_id and s.filing.party_id else [],
                "mine": writes and s.origin == own and s.state in LIVE,
            }
            for s in rows[:200]
        ],
        "page_title": fact.label,
        "page_subtitle": f"{firm.name}　{fact.help}",
        "crumbs": crumbs(firm, (fact.label, "")),
    }
    return render(request, "enterprises/facts_history.html", context)


@page(*WRITERS)
@require_POST
def take_back(request: HttpRequest, party: int, pk: int) -> HttpResponse:
    firm, actor = firm_of(request, party), actor_of(request)
    row = Statement.objects.writable_by(actor).filter(party=firm, pk=pk).select_related("party").first()
    if row is None:
        raise Http404("没有这条资料，或者它不在您的范围内。")
    try:
        withdraw(row, request.POST.get("reason", ""), actor=actor, at=clock.now())
        messages.success(request, f"已撤回“{row.fact.label}”。")
    except Refused as why:
        messages.error(request, f"没有撤回：{why}。")
    return redirect("facts-history", firm.pk, row.name)


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def confirm_file(request: HttpRequest, party: int) -> HttpResponse:
    """Confirm everything others stated of one unit that nobody has confirmed yet."""
    firm, actor = firm_of(request, party), actor_of(request)
    rows = Statement.objects.writable_by(actor).filter(party=firm, state=Statement.State.STATED)
    try:
        done = confirm(rows.exclude(stated_by_account_id=actor.id), actor=actor, at=clock.now())
        messages.success(request, f"已核实 {done} 项资料。" if done else "没有需要您核实的资料。")
    except Refused as why:
        messages.error(request, f"没有核实：{why}。")
    return redirect("facts-file", firm.pk)


@page(*WRITERS)
def form(request: HttpRequest, party: int) -> HttpResponse:
    """Ask for what is unknown or ran out, show what is known for one tap; for one purpose or for everything."""
    firm, actor, year, today = firm_of(request, party), actor_of(request), year_of(request), clock.today()
    if not may_write(firm, actor):
        raise PermissionDenied("您不能填报这个单位的资料。")
    titles = purposes(today)
    purpose = request.GET.get("for", "") if request.GET.get("for", "") in titles else ""
    asked = FactsForm.about(firm, actor, items(firm, year, today, keys_for(purpose, today), actor))
    if request.method == "POST":
        files = request.FILES.getlist("files")
        asked.fill(request.POST)
        asked.problem = asked.problem or _files_problem(files)
        if asked.ok:
            try:
                return _saved(request, asked, year, purpose, titles.get(purpose, "全部资料"), files)
            except Refused as why:
                asked.problem = str(why)
    title = titles.get(purpose, "全部资料")
    base = f"{reverse('facts-form', args=[firm.pk])}?year={year}"
    context = {
        "firm": firm,
        "form": asked,
        "groups": asked.groups(),
        "units": list(UNITS),
        "agreeable": sum(line.others for line in asked.lines),
        "tabs": [{"label": "全部资料", "url": base, "active": not purpose}]
        + [{"label": t, "url": f"{base}&for={c}", "active": c == purpose} for c, t in titles.items()],
        "page_title": "填报资料",
        "page_subtitle": f"{firm.name}　{title}　{year}年度",
        "crumbs": crumbs(firm, ("填报资料", "")),
    }
    bad = request.method == "POST"
    return render(request, "enterprises/facts_form.html", context, status=422 if bad else 200)


def _files_problem(files: list[Any]) -> str:
    if len(files) > MOST_FILES:
        return f"一次最多上传 {MOST_FILES} 个佐证材料，现有 {len(files)} 个，请分几次上传"
    large = next((f for f in files if (f.size or 0) > settings.UPLOAD_MAX_BYTES), None)
    limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
    return f"“{large.name}”超过 {limit} MB，请压缩或拆分后再上传" if large else ""


def _saved(
    request: HttpRequest, asked: FactsForm, year: int, purpose: str, title: str, files: list[Any]
) -> HttpResponse:
    done = save_form(
        asked, year=year, purpose=purpose, title=title, files=files, actor=actor_of(request), at=clock.now()
    )
    said = f"已保存：新填或更正 {done.stated} 项，确认 {done.agreed} 项；本次免填 {done.filing.known} 项。"
    messages.success(request, said)
    if done.differing:
        messages.warning(request, f"有 {done.differing} 项与其他来源不同，裁定以前按“不清楚”对待。")
    for note in asked.notes:
        messages.info(request, note + "。")
    return redirect(f"{reverse('facts-file', args=[asked.party.pk])}?year={year}")


@page(*READERS)
def filing_file(request: HttpRequest, pk: int, attachment: int) -> FileResponse:
    """An evidence file, for those who may see the file it belongs to."""
    filing = Filing.objects.visible_to(actor_of(request)).filter(pk=pk).first()
    row = attachments_of(filing).filter(pk=attachment).first() if filing else None
    if row is None:
        raise Http404("没有这个附件，或者它不在您的查看范围内。")
    return blob_answer(row.blob, row.name)
