"""What stands on a firm's page beside its facts: profile, titles, verdicts, and what happened to it when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keji.desk.cells import written
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.clock import day_of
from keji.kernel.facts.models import FILE_ACCESS, FactFile, Statement
from keji.kernel.parties.models import DuplicatePair, Merge, Party
from keji.kernel.people.roles import Role
from keji.kernel.rules.models import Assessment, ParameterValue
from keji.lib.rules.rule import rules
from keji.modules.enterprises.models import Certification, EnterpriseProfile, label_of
from keji.modules.enterprises.rungs import LADDER
from keji.modules.enterprises.verdicts.rehearsal import users_of
from keji.modules.enterprises.verdicts.showing import TONES as TONES_OF
from keji.modules.enterprises.verdicts.showing import WORDS

TONES = {"reported": "blue", "returned": "amber", "confirmed": "green", "revoked": "red", "void": "gray"}
PROFILE = ("industry", "industry_tag", "above_scale", "main_product", "technology_focus")


def profile_panel(request: HttpRequest, party: Party) -> dict[str, Any]:
    profile = EnterpriseProfile.objects.filter(party=party).first() or EnterpriseProfile(party=party)
    found = []
    for name in PROFILE:
        value = profile.get_industry_display() if name == "industry" else getattr(profile, name)
        text = "" if value in (None, "") else written(value)
        found.append({"label": label_of(EnterpriseProfile, name), "value": text})
    if party.merged_into:
        found.append({"label": "已并入", "value": party.merged_into.name, "url": f"/d/parties/{party.merged_into_id}"})
    names = [f"{n.name}（至{written(n.until_on)}）" for n in party.names.order_by("-until_on")]
    if names:
        found.append({"label": "曾用名", "value": "；".join(names)})
    return {"profile": found}


def facts_panel(request: HttpRequest, party: Party) -> dict[str, Any]:
    """How much is known of the unit, and the way to its whole file."""
    files = list(FactFile.objects.filter(party=party))
    may = FILE_ACCESS.reaches(actor_of(request), FILE_ACCESS.write, FactFile(party=party))
    return {
        "known": sum(len(f.values) for f in files),
        "open": sum(f.open_count for f in files),
        "stated": Statement.objects.filter(party=party, state=Statement.State.STATED).count(),
        "url": reverse("facts-file", args=[party.pk]),
        "form_url": reverse("facts-form", args=[party.pk]) if may else "",
    }


def certifications_of(request: HttpRequest, party: Party) -> list[Any]:
    rows = Certification.objects.visible_to(actor_of(request)).filter(party=party)
    return list(rows.order_by("-issued_on", "-pk")[:50])


def certifications_panel(request: HttpRequest, party: Party) -> dict[str, Any]:
    today = clock.today()
    labels = [label_of(Certification, n) for n in ("kind", "certificate_code", "issued_on")]
    rows = []
    for record in certifications_of(request, party):
        state = {"value": record.get_state_display(), "badge": TONES[record.state]}
        if record.state == "confirmed" and record.valid_until < today:
            state = {"value": "已到期", "badge": "gray"}
        cells = [
            {"value": record.get_kind_display()},
            {"value": record.certificate_code, "mono": True},
            {"value": written(record.issued_on)},
            {"value": written(record.valid_until)},
            state,
        ]
        rows.append({"url": f"/d/certifications/{record.pk}", "cells": cells})
    return {"columns": [{"label": label} for label in [*labels, "有效期至", "状态"]], "rows": rows}


def verdict_panel(request: HttpRequest, party: Party) -> dict[str, Any]:
    if party.kind != Party.Kind.ENTERPRISE:
        return {"rungs": None}
    may = actor_of(request).has(Role.LEADER, Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSPECTOR)
    return {"rungs": rungs_of(party), "url": reverse("rules", args=[party.pk]) if may else "", "may": may}


def rungs_of(party: Party) -> list[dict[str, Any]]:
    """Every rung and where the firm stood with it when everybody was last judged."""
    stand = {a.rule: a for a in Assessment.objects.filter(party=party, rule__in=LADDER)}
    found = []
    for code in LADDER:
        word, tone = outcome(stand[code]) if code in stand else ("还没有评判", "gray")
        url = reverse("rule-verdict", args=[party.pk, code])
        found.append({"title": rules()[code].title, "word": word, "tone": tone, "url": url, "at": stand.get(code)})
    return found


def outcome(stand: Assessment) -> tuple[str, str]:
    """The word for where a firm stands, and its colour."""
    if rules()[stand.rule].by_experts and stand.passed is not None:
        word = "必过" if stand.passed else "必不过"
        return word, TONES_OF[word]
    return WORDS[stand.passed]


def events_panel(request: HttpRequest, party: Party) -> dict[str, Any]:
    return {"events": events_of(party, certifications_of(request, party))}


def events_of(party: Party, certifications: list[Any]) -> list[dict[str, Any]]:
    """A firm's life as the registers tell it, newest first; derived, never entered."""
    today = clock.today()
    found: list[tuple[date, str, str]] = []
    if party.established_on:
        found.append((party.established_on, "成立", party.name_on(party.established_on)))
    for name in party.names.all():
        found.append((date.fromordinal(name.until_on.toordinal() + 1), "更名", f"原名“{name.name}”"))
    for record in certifications:
        if record.state not in ("confirmed", "revoked"):
            continue
        kind = record.get_kind_display()
        found.append((record.issued_on, f"取得{kind}", f"{record.certificate_code}，{record.number}"))
        if record.state == "revoked":
            found.append((record.revoked_on, f"{kind}被撤销", record.revoked_reason))
        elif record.valid_until < today:
            found.append((record.valid_until, f"{kind}到期", record.certificate_code))
    for merge in Merge.objects.filter(kept=party, undone_at__isnull=True).select_related("folded"):
        found.append((day_of(merge.at), "并入单位", merge.folded.name))
    found.sort(key=lambda event: event[0], reverse=True)
    return [{"on": on, "title": title, "text": text} for on, title, text in found]


def duplicate_panel(request: HttpRequest, pair: DuplicatePair) -> dict[str, Any]:
    """Both firms side by side, what each holds, and the merge to take back if there was one."""
    actor = actor_of(request)
    names = ("name", "uscc", "region", "address", "established_on", "contact_name", "created_at")
    rows: list[dict[str, list[dict[str, Any]]]] = [
        {
            "cells": [
                {"value": label_of(Party, name)},
                {"value": written(getattr(pair.first, name))},
                {"value": written(getattr(pair.second, name))},
            ]
        }
        for name in names
    ]
    counts = [Certification.objects.filter(party=p).count() for p in (pair.first, pair.second)]
    rows.append({"cells": [{"value": "科技资质（条）"}, {"value": counts[0]}, {"value": counts[1]}]})
    done = Merge.objects.filter(
        kept__in=[pair.first, pair.second], folded__in=[pair.first, pair.second], undone_at__isnull=True
    ).first()
    return {
        "columns": [{"label": "项目"}, {"label": "单位一"}, {"label": "单位二"}],
        "rows": rows,
        "pair": pair,
        "merge": done,
        "may_settle": actor.has(Role.OFFICER),
    }


def rehearsal_panel(request: HttpRequest, number: ParameterValue) -> dict[str, Any]:
    """Which rules use a dated number; for a proposed one, who would be touched."""
    return {
        "pk": number.pk,
        "users": users_of(number),
        "open": number.state == ParameterValue.State.PROPOSED,
        "may": actor_of(request).has(Role.OFFICER, Role.LEADER),
    }
