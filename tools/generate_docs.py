"""Writes the pages of docs/ that are read off the code: flows, indicators, rules, regulations, the API's document.

`make docs` runs it; tests/test_docs.py fails when a page is not what it would write.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Written by tools/generate_docs.py. Do not edit: change the code and run `make docs`. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        "| " + " | ".join(str(c).replace("|", "／").replace("\n", " ") or "—" for c in row) + " |" for row in rows
    ]
    return "\n".join(lines)


def ours(cls: type) -> bool:
    """Tests register samples of their own; they are no part of the house."""
    return cls.__module__.startswith("keji.")


def one_line(text: str | None) -> str:
    """A docstring in one line; Chinese takes no space where a line broke."""
    return re.sub(r"(?<=[^\x00-\u2e7f]) (?=[^\x00-\u2e7f])", "", " ".join((text or "").split()))


# --- flows -----------------------------------------------------------------------------------------------------------


def models_with_flow() -> list[Any]:
    from django.apps import apps

    found = [m for m in apps.get_models() if getattr(m, "flow", None) and list(m.flow) and ours(m)]
    return sorted(found, key=lambda m: m._meta.label_lower)


def reach(parts: Any) -> str:
    """Roles in their own order: the sets some models are written with have none."""
    from keji.kernel.people.roles import Role

    order = list(Role)
    named = sorted(parts.items(), key=lambda pair: order.index(pair[0]))
    return "、".join(f"{role.label}（{scope.value}）" for role, scope in named) or "—"


def diagram(model: Any) -> str:
    states = dict(model._meta.get_field("state").choices)
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{label}" as {state}' for state, label in states.items()]
    for step in model.flow:
        lines += [f"    {source} --> {step.target}: {step.label}" for source in step.source]
    leaving = {source for step in model.flow for source in step.source}
    lines += [f"    {state} --> [*]" for state in states if state not in leaving]
    return "\n".join([*lines, "```"])


def steps(model: Any) -> str:
    from keji.kernel.records.flow import Step

    states = dict(model._meta.get_field("state").choices)
    rows = []
    for step in model.flow:
        checks = "有" if type(step).objection is not Step.objection else "—"
        limit = f"{step.limit} 个工作日" if step.limit is not None else "—"
        more = "、".join(str(f.label) for f in step.form.base_fields.values()) if step.form else "—"
        rows.append(
            [
                f"{step.label} `{step.name}`",
                "、".join(str(states[s]) for s in step.source),
                states[step.target],
                "、".join(sorted(r.label for r in step.roles)),
                "必填" if step.needs_reason else "—",
                more,
                limit,
                checks,
                "是" if step.in_todo else "—",
            ]
        )
    head = ("步骤", "从", "到", "由谁办理", "理由", "另填", "时限", "其他条件", "列入待办")
    return table(head, rows)


def flows() -> str:
    parts = [
        "# Flows",
        NOTE,
        "Every record that has a state, and the only ways to change it (`keji/kernel/records/flow.py`). "
        "“其他条件: 有” means the step asks more than role and reach: read `objection` of the step's class.",
    ]
    for model in models_with_flow():
        prefix = f"，编号 `{model.prefix}-年-序号`" if getattr(model, "prefix", "") else ""
        parts += [
            f"## {model._meta.verbose_name} `{model.__name__}`",
            f"`{model.__module__}`{prefix}。可看：{reach(model.access.read)}。可办：{reach(model.access.write)}。",
            diagram(model),
            steps(model),
        ]
    return "\n\n".join(parts) + "\n"


# --- indicators ------------------------------------------------------------------------------------------------------


def indicators() -> str:
    from keji.kernel.indicators.indicator import catalogue

    all_of_them = [i for i in catalogue().values() if ours(type(i))]
    parts = [
        "# Indicators",
        NOTE,
        "The catalogue as users see it at `/indicators`. 存量 and 累计 are counted from records; 填报 is a figure with "
        "evidence, filed by one person and confirmed by another.",
        table(
            ("指标", "代码", "取数", "单位", "数据部门", "频度", "滞后"),
            [(i.name, f"`{i.code}`", i.kind.value, i.unit, i.owner, i.rhythm, i.lag) for i in all_of_them],
        ),
    ]
    for found in all_of_them:
        parts += [f"## {found.name} `{found.code}`", one_line(type(found).__doc__)]
        facts = [f"定义：`{type(found).__module__}.{type(found).__name__}`"]
        if found.aliases:
            facts.append("计划里的叫法：" + "、".join(found.aliases))
        if found.opens_on:
            facts.append(f"{found.opens_on[0]}月{found.opens_on[1]}日之前为零属正常")
        if not found.adds_up:
            facts.append("市级数不是县区数之和")
        parts.append("\n".join(f"- {fact}" for fact in facts))
    return "\n\n".join(parts) + "\n"


# --- rules and regulations -------------------------------------------------------------------------------------------


def shelves(name: str, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(module, row) of every regulations/<name>.toml, the kernel's too; an area's own before it: incubator_<name>.toml."""
    for file in sorted((ROOT / "keji").glob(f"*/*/regulations/*{name}.toml")):
        for row in tomllib.loads(file.read_text(encoding="utf-8")).get(key, []):
            yield file.parents[1].name, row


def facts_of(rule: Any) -> list[str]:
    """Labels of every fact any edition of a rule reads, in the order it asks for them."""
    from keji.lib.rules import vocabulary

    numbers = {row["name"]: row["value"] for _, row in shelves("parameters", "parameter")}
    programs = [rule.program(since, numbers) for since, _, _ in rule.editions]
    names = dict.fromkeys(key.partition("-")[0] for program in programs for key in program.keys)
    return [vocabulary.fact(name).label for name in names]


def regulations() -> str:
    from keji.lib.rules.rule import rules

    parts = [
        "# Rules and regulations",
        NOTE,
        "What is judged by which edition, and the documents and numbers it rests on, as a new house has them. "
        "The bureau changes numbers on 规则参数 (two people) and documents on 法规依据; this page does not follow "
        "those changes. 待核 means nobody here has read the original text.",
        "## Rules",
    ]
    for rule in sorted((r for r in rules().values() if ours(type(r))), key=lambda r: r.code):
        parts += [
            f"### {rule.title} `{rule.code}`",
            f"`{type(rule).__module__}.{type(rule).__name__}`: {one_line(type(rule).__doc__)}",
            table(("自", "版本", "依据"), [(since.isoformat(), f"`{n}`", cites) for since, n, cites in rule._editions]),
            "所用事实：" + "、".join(facts_of(rule)),
        ]
    documents = sorted(shelves("shelf", "document"), key=lambda pair: pair[1]["number"])
    parts += [
        "## Documents",
        table(
            ("文号", "名称", "发布机关", "发布", "施行", "失效", "原文", "说明", "模块"),
            [
                (
                    row["number"],
                    row["title"],
                    row["issuer"],
                    row.get("issued_on", ""),
                    row.get("from_on", ""),
                    row.get("until_on", ""),
                    "已核对" if row.get("checked") else "待核",
                    row.get("note", ""),
                    f"`{module}`",
                )
                for module, row in documents
            ],
        ),
        "## Numbers",
        table(
            ("参数", "含义", "数值", "自", "依据", "核对", "模块"),
            [
                (
                    f"`{row['name']}`",
                    row["label"],
                    f"{row['value']} {row.get('unit', '')}",
                    row["from_on"],
                    row["cites"],
                    "已核对" if row.get("certain", True) else "待核",
                    f"`{module}`",
                )
                for module, row in shelves("parameters", "parameter")
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def document() -> str:
    """The API's OpenAPI document, one line a fact: a change of it is a change of what other systems rely on."""
    from keji.site.api.urls import api

    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1) + "\n"


def pages() -> dict[str, str]:
    """{path: text} of every generated page. Django must be set up."""
    return {
        "docs/flows.md": flows(),
        "docs/indicators.md": indicators(),
        "docs/openapi.json": document(),
        "docs/regulations.md": regulations(),
    }


def main() -> int:
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:  # the settings make keys in their data folder: not in a real one
        os.environ["KEJI_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "keji.site.settings"
        import django

        django.setup()
        for path, text in pages().items():
            (ROOT / path).write_text(text, encoding="utf-8")
            print(f"{path}: {text.count(chr(10))} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
