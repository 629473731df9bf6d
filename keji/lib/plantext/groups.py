"""Which targets are citations of one and the same, and whether the citations agree."""

from __future__ import annotations

import re

from .model import Group, Target
from .normal import canonical

_SYNONYMS = (
    ("高新技术企业", "高企"),
    ("科技型中小企业", "科小"),
    ("国家科技型中小企业", "科小"),
    ("科技型中小微企业", "科小"),
    ("研究与试验发展", "研发"),
    ("R&D", "研发"),
    ("经费投入", "经费"),
    ("研发投入", "研发经费"),
    ("研发经费支出", "研发经费"),
    ("地区生产总值", "GDP"),
    ("规模以上", "规上"),
)
_NOISE = re.compile(
    r"总数|数量|总量|队伍|评价入库|重新入库|入库|新增|净增|全市|全省|全县|全区"
    r"|国家级?(?=科小|高企)|累计|有效|认定|的|“|”|\(.*?\)|总额|个数|家数|规模(?!以上)|增速|年均|培育|引进|建设|总|数$"
)
_STEADY = {"eq", "ge", "gt", "le", "lt", "about", "range"}


def core(subject: str) -> str:
    """A subject reduced to what it is about: 评价入库科技型中小企业 and 科技型中小企业数 are the same."""
    text = canonical(subject)
    for long, short in _SYNONYMS:
        text = text.replace(long, short)
    return _NOISE.sub("", text)


def _family(target: Target) -> str:
    head = target.op.split("_")[0]
    return "level" if target.op in _STEADY else head


def _incremental(target: Target) -> bool:
    return target.verb in ("新增", "净增", "新建", "新增加", "新认定", "新获批", "新培育")


def _same(one: Target, other: Target) -> bool:
    if one.unit_base != other.unit_base or _family(one) != _family(other) or one.deadline != other.deadline:
        return False
    if one.op == "milestone" or one.optional != other.optional or _incremental(one) != _incremental(other):
        return False
    a, b = core(one.subject), core(other.subject)
    if not a or not b:
        return False
    if a == b:
        return one.value_base == other.value_base or one.line != other.line
    return one.value_base == other.value_base and (a in b or b in a) and one.op.split("_")[0] == other.op.split("_")[0]


def link(targets: list[Target]) -> list[Group]:
    """Groups in order of first citation; every target gets its group number and the places it is cited at."""
    groups: list[Group] = []
    by_unit: dict[tuple[str, str], list[Group]] = {}
    for target in targets:
        near = by_unit.setdefault((target.unit_base, _family(target)), [])
        group = next((g for g in near if any(_same(t, target) for t in g.targets)), None)
        if group is None:
            group = Group(len(groups) + 1, [])
            groups.append(group)
            near.append(group)
        group.targets.append(target)
    for group in groups:
        said = {(t.op, t.value_base, t.value2_base) for t in group.targets}
        group.conflict = len(said) > 1
        places = [target.place for target in group.targets]
        for target in group.targets:
            target.group, target.conflict = group.number, group.conflict
            target.places = places if len(places) > 1 else []
    return groups
