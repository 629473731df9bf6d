"""Review schemes, and whether their criteria lean on papers, titles, awards and degrees alone (破四唯)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import locked
from keji.modules.projects.models import Criterion, ReviewScheme
from keji.modules.projects.numbers import city

#: What a criterion must not rest on alone, and the words that give it away.
LEANINGS = (
    ("论文", r"论文|SCI|EI|影响因子|期刊|核心刊物"),
    ("职称和人才称号", r"职称|头衔|称号|人才计划|帽子|院士"),
    ("奖项", r"奖项|获奖|科技奖|奖励"),
    ("学历学位", r"学历|学位|博士|硕士|毕业院校"),
)
#: A clause that says it does not count is no leaning: 不看头衔, 不以论文数量评价.
DENIED = re.compile(r"不看|不以|不作为|不唯|不得|不设|不限|不问")
HALF = 50


def leaning(text: str) -> list[str]:
    """Which of the four a text speaks of."""
    return [name for name, words in LEANINGS if re.search(words, text, re.IGNORECASE)]


def bias(criteria: Sequence[tuple[str, int, str]]) -> list[str]:
    """Warnings on (name, full points, guide) rows; none when content, not reputation, decides."""
    found, total, worst = [], sum(full for _, full, _ in criteria), 0
    for name, full, guide in criteria:
        named = leaning(name)
        if named:
            worst += full
            found.append(f"“{name}”（{full} 分）只看{'、'.join(named)}，请改为评价实际贡献和内容质量")
        elif said := leaning("，".join(c for c in re.split(r"[，,；;。\n]", guide) if not DENIED.search(c))):
            found.append(f"“{name}”的评分要点提到{'、'.join(said)}，请注明不作为硬性条件")
    if total and worst * 100 >= total * HALF:
        found.append(f"论文、职称、奖项、学历类指标合计 {worst} 分，占一半以上，会单独决定结果")
    return found


def warnings(scheme: ReviewScheme) -> list[str]:
    return bias(list(scheme.criteria.values_list("name", "full", "guide")))


def draft_schemes(rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str) -> list[ReviewScheme]:
    """Draft schemes with their `criteria` [(name, full, guide)]; another officer puts them in use."""
    made = []
    with writing(actor, at):
        for row, serial in zip(rows, next_numbers(ReviewScheme.prefix, at.year, len(rows)), strict=True):
            values = dict(row)
            criteria = values.pop("criteria")
            record = ReviewScheme(number=serial, region=city(), drafted_by_id=actor.id, **values)
            stamp(record, actor=actor, at=at, state=ReviewScheme.State.DRAFT, source=Source.BUREAU)
            record.save()
            _keep(record, criteria)
            log("起草评审方案", record, {"评审指标": [None, _told(criteria)]})
            made.append(record)
    return made


def correct_scheme(record: ReviewScheme, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> ReviewScheme:
    with writing(actor, at):
        before = locked(record)
        if before.state != ReviewScheme.State.DRAFT:
            raise Refused("启用的评审方案不能修改，请停用后另起草一份")
        values = dict(values)
        criteria = values.pop("criteria")
        old = list(record.criteria.values_list("name", "full", "guide"))
        for name, value in values.items():
            setattr(record, name, value)
        record.drafted_by_id, record.updated_at = actor.id, at
        record.save()
        record.criteria.all().delete()
        _keep(record, criteria)
        log("修改评审方案", record, {"评审指标": [_told(old), _told(criteria)]})
    return record


def _keep(record: ReviewScheme, criteria: Sequence[tuple[str, int, str]]) -> None:
    Criterion.objects.bulk_create(
        [
            Criterion(scheme=record, order=n, name=name, full=full, guide=guide)
            for n, (name, full, guide) in enumerate(criteria, 1)
        ]
    )


def _told(criteria: Sequence[tuple[str, int, str]]) -> list[str]:
    return [f"{name} {full} 分" for name, full, _ in criteria]
