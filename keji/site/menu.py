"""The menu of each role, made from what each desk and page says of its readers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

from django.urls import reverse

from keji.desk.desk import desks
from keji.desk.menu import Entry
from keji.kernel.people.roles import ADMINISTRATORS, BUREAU, Actor, Role
from keji.site.modules import MODULES

GROUPS = (
    *("", "工作要点", "科技创新赛马", "创新主体", "一企一档", "创新平台", "研发备案", "科技项目"),
    *("评审专家", "科研诚信"),
    *("数据", "公文", "名录"),
    *("系统", "安全", "审计"),
)

BUSINESS = frozenset(Role) - ADMINISTRATORS
PAGES = (
    Entry("", "工作台", "home", "home", frozenset(Role)),
    Entry("", "待办", "todo", "list-check", BUSINESS),
    Entry("数据", "指标目录", "indicators", "chart-bar", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("数据", "后台任务", "jobs", "progress", BUSINESS),
    Entry("公文", "公文对外公开", "open-papers", "world", BUREAU),
    Entry("审计", "操作记录", "audit", "shield-check", frozenset({Role.AUDIT_ADMIN, Role.INSPECTOR})),
)


@cache
def pages() -> tuple[Entry, ...]:
    """The assembly's own pages and, after them, what each module lays on the menu."""
    laid = (getattr(import_module(f"keji.modules.{name}.module"), "MENU", ()) for name in MODULES)
    return PAGES + tuple(entry for entries in laid for entry in entries)


#: Groups that only those who keep them see in their menu; others reach these pages by links.
KEPT_BY_FEW = frozenset({"系统"})

#: A menu of so many lines fits a screen; folding it would only cost a click.
SHORT = 20
#: The browser's memory of what its reader opened and closed: "group=1&group=0", written by keji.js.
COOKIE = "menu"


def remembered(cookie: str) -> dict[str, bool]:
    """{group: open} from the cookie, which anybody may have written: names that are no group are never looked up."""
    return {group: kept == "1" for group, kept in parse_qsl(cookie[:4000])}


def menu_for(actor: Actor, path: str, folds: Mapping[str, bool] | None = None) -> list[dict[str, Any]]:
    """[{title, open, items: [{label, url, icon, active}]}] in the order of GROUPS; the longest fitting url is active.

    Open is the group of the present page, whatever `folds` (what the reader opened and closed) says; the others as
    `folds` says, and without a word there, all of a short menu and none of a long one.
    """
    found: list[tuple[str, str, str, str]] = [
        (e.group, e.label, reverse(e.url_name), e.icon) for e in pages() if actor.has(*e.roles)
    ]
    for desk in desks().values():
        seen_by = desk.writers if desk.group in KEPT_BY_FEW else desk.readers
        if desk.group and actor.has(*seen_by):
            found.append((desk.group, desk.title, desk.url(), desk.icon))
    here = max(
        (url for _, _, url, _ in found if path == url or (url != "/" and path.startswith(url))), key=len, default=""
    )
    items: dict[str, list[dict[str, Any]]] = {}
    for group, label, url, icon in found:
        items.setdefault(group, []).append({"label": label, "url": url, "icon": icon, "active": url == here})
    ordered = [g for g in GROUPS if g in items] + [g for g in items if g not in GROUPS]
    short = len(found) + len(ordered) <= SHORT
    return [
        {
            "title": group,
            "open": any(item["active"] for item in items[group]) or (folds or {}).get(group, short),
            "items": items[group],
        }
        for group in ordered
    ]
