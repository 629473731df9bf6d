"""The documents say only what is there: links, commands, paths, variables, names, generated pages, pictures."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("THIRD_PARTY/*.md")])
TEXTS = {path: path.read_text(encoding="utf-8") for path in DOCS}
NAMES = [str(path.relative_to(ROOT)) for path in DOCS]
#: Hosts packages come from, put together here so that this file does not name them either.
REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js", "debian" + ".org"]
MOST_BYTES = 300_000


def every_doc(test):
    return pytest.mark.parametrize("text", TEXTS.values(), ids=NAMES)(test)


def code_of(text: str) -> list[str]:
    """What stands in backticks or in a fenced block."""
    fenced = re.findall(r"```.*?\n(.*?)```", text, flags=re.S)
    return fenced + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


@cache
def tracked() -> list[Path]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if found.returncode:  # an unpacked archive, not a clone
        return [p for part in ("keji", "tests", "docs", "tools") for p in (ROOT / part).rglob("*") if p.is_file()]
    return [p for name in found.stdout.split("\0") if name and (p := ROOT / name).is_file()]


def test_there_is_something_to_read():
    assert len(DOCS) > 20


@pytest.mark.parametrize("path", DOCS, ids=NAMES)
def test_links_lead_somewhere(path):
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[path]):
        if not re.match(r"https?:|mailto:|#", target) and not (path.parent / target.split("#")[0]).exists():
            wrong.append(target)
    assert wrong == []


@every_doc
def test_commands_exist(text):
    from django.core.management import get_commands

    known = set(get_commands())
    named = {word for code in code_of(text) for word in re.findall(r"(?:^|[\s(]|bin/)keji ([a-z][a-z_-]*)", code)}
    assert named - known == set()


@every_doc
def test_paths_exist(text):
    wrong = []
    for code in code_of(text):
        for found in re.findall(
            r"(?:^|(?<=[\s`(]))((?:keji|docs|tools|tests|benchmarks|requirements)/[\w./*-]*)", code
        ):
            path = found.rstrip(".")
            there = any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()
            if not there:
                wrong.append(found)
    assert wrong == []


@every_doc
def test_make_targets_exist(text):
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    named = {word for code in code_of(text) for word in re.findall(r"(?:^|&& )make ([a-z-]+)", code, flags=re.M)}
    assert named - known == set()


def test_operations_lists_the_variables_the_settings_read():
    settings = (ROOT / "keji/site/settings.py").read_text(encoding="utf-8")
    said = TEXTS[ROOT / "docs/operations.md"]
    assert set(re.findall(r"KEJI_[A-Z_]+", said)) == set(re.findall(r"environ[^\n]*\"(KEJI_[A-Z_]+)\"", settings))
    assert set(re.findall(r"^(KEJI_[A-Z_]+)", settings, flags=re.M)) == set(re.findall(r"\| `(KEJI_[A-Z_]+)`", said))


def glossary() -> list[tuple[str, list[str]]]:
    """[(中文, [code, the further names a row explains])]."""
    rows = []
    for line in TEXTS[ROOT / "docs/glossary.md"].splitlines():
        parts = [part.strip() for part in line.strip("|").split("|")]
        if len(parts) == 3 and parts[1].startswith("`"):
            rows.append((parts[0], re.findall(r"`(\w+)`", parts[1] + parts[2])))
    return rows


def test_the_glossary_has_one_row_a_concept():
    rows = glossary()
    assert len(rows) > 60
    chinese, names = [r[0] for r in rows], [r[1][0] for r in rows]
    assert [n for n in chinese if chinese.count(n) > 1] == []
    assert [n for n in names if names.count(n) > 1] == []


def test_names_of_the_glossary_are_in_the_code():
    sources = [p.read_text(encoding="utf-8") for p in (ROOT / "keji").rglob("*.py")]
    trees = [ast.parse(source) for source in sources]
    classes = {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    classes |= {"Curve"}  # a union of three classes
    words = {word for source in sources for word in re.findall(r"\w+", source)}
    for chinese, names in glossary():
        for name in names:
            assert name in (classes if name[0].isupper() else words), f"{chinese}: {name}"


def test_generated_pages_are_fresh():
    from tools.generate_docs import pages

    for path, text in pages().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path}：请执行 make docs"


def test_no_file_names_a_package_registry():
    wrong = []
    for path in tracked():
        content = path.read_bytes().lower()
        wrong += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host.encode() in content]
    assert wrong == []


def test_pictures_are_small_and_used():
    pictures = sorted((ROOT / "docs/images").glob("*"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < MOST_BYTES, picture.name
        assert any(f"images/{picture.name}" in text for text in TEXTS.values()), picture.name


def test_both_readmes_name_the_same_commands_and_pictures():
    english, chinese = TEXTS[ROOT / "README.md"], TEXTS[ROOT / "README.zh.md"]
    for pattern in (r"images/[\w.]+", r"^\| `keji ([a-z]+(?: [a-z]+)?)", r"^make [a-z]+"):
        assert re.findall(pattern, english, flags=re.M) == re.findall(pattern, chinese, flags=re.M)


def test_documents_stay_short():
    """A page that takes more than some minutes is two; in generated pages and the glossary one looks things up."""
    long = {"docs/glossary.md", "docs/flows.md", "docs/indicators.md", "docs/regulations.md", "CHANGELOG.md"}
    assert [n for n, t in zip(NAMES, TEXTS.values(), strict=True) if n not in long and t.count("\n") > 170] == []
