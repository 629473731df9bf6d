"""The house's own rules: doors of modules, sizes, names, what a desk may declare."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEJI = ROOT / "keji"
MODULES = sorted(p.name for p in (KEJI / "modules").iterdir() if (p / "apps.py").exists())
SOURCES = sorted(p for p in KEJI.rglob("*.py") if "migrations" not in p.parts)
LONGEST_FILE, LONGEST_FUNCTION = 420, 60


def imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names


def test_floors_and_shelves_hold():
    found = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


def test_a_module_is_entered_by_its_api_only():
    wrong = []
    for path in SOURCES:
        place = path.relative_to(KEJI).parts
        own = place[1] if place[0] == "modules" and len(place) > 1 else None
        if place[0] == "site" and path.name in ("apps.py", "urls.py"):
            continue  # the assembly names modules as text
        for name in imports(path):
            parts = name.split(".")
            outside = parts[:2] == ["keji", "modules"] and len(parts) > 3 and parts[2] != own
            if outside and parts[3] != "api":
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_the_list_of_modules_is_the_folder_of_modules():
    from keji.site.modules import MODULES as listed

    assert sorted(listed) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_its_table_of_contents(module):
    assert (KEJI / "modules" / module / "module.py").exists()


def test_files_and_functions_stay_short():
    long = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > LONGEST_FILE:
            long.append(f"{path.relative_to(ROOT)} has {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                if size > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {size} lines")
    assert long == []


def test_every_page_says_who_may_open_it():
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(patterns):
        for entry in patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns)
            elif isinstance(entry, URLPattern):
                yield entry

    unguarded = [str(e.pattern) for e in walk(get_resolver().url_patterns) if not hasattr(e.callback, "guard")]
    assert unguarded == []


def test_an_unguarded_page_is_closed(rf, db, person):
    from django.core.exceptions import PermissionDenied
    from django.http import HttpResponse

    from keji.site.middleware import LoginRequired

    request = rf.get("/")
    request.user = person("officer")
    with pytest.raises(PermissionDenied):
        LoginRequired(lambda r: HttpResponse()).process_view(request, lambda r: HttpResponse(), (), {})


def test_a_desk_refuses_words_it_does_not_know():
    from keji.desk.desk import Desk

    with pytest.raises(TypeError, match="colour"):
        type("Odd", (Desk,), {"colour": "red"})


def test_nothing_is_loaded_from_elsewhere():
    """Pages, styles and scripts of our own name no host: everything is served by this house."""
    hosts = []
    for path in KEJI.rglob("*"):
        if path.suffix in (".html", ".css", ".js") and "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8")
            hosts += [
                f"{path.relative_to(ROOT)}: {w}" for w in ('src="http', 'href="http', "url(http", "cdn.") if w in text
            ]
    assert hosts == []


@pytest.mark.postgres
def test_models_match_their_migrations(db):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_kind_of_record_has_letters_of_its_own():
    """A record's number is its address: two kinds with the same letters would answer for each other."""
    from django.apps import apps

    from keji.kernel.records.models import Record

    letters = Counter(m.prefix for m in apps.get_models() if issubclass(m, Record) and getattr(m, "prefix", ""))
    assert [prefix for prefix, kinds in letters.items() if kinds > 1] == []
