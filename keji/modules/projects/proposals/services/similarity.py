"""查重: proposals against each other, against this house's projects and those of earlier years."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.lib.likeness import Index, passages
from keji.modules.projects.models import EarlierProject, Guideline, Likeness, Project, Proposal
from keji.modules.projects.numbers import number

MOST_HITS = 5
SHARE = 10_000


def text_of(proposal: Proposal) -> str:
    return "\n".join([proposal.title, proposal.abstract, *(str(t) for t in proposal.contents.values())])


def corpus() -> dict[str, tuple[str, str, str]]:
    """{number: (title, unit, text)} of everything a proposal is compared with."""
    found: dict[str, tuple[str, str, str]] = {}
    for code, title, unit, abstract in EarlierProject.objects.order_by("pk").values_list(
        "code", "title", "unit", "abstract"
    ):
        found[code] = (title, unit, f"{title}\n{abstract}")
    for project in Project.objects.filter(proposal=None).select_related("party").order_by("pk"):
        found[project.number] = (project.title, project.party.name, f"{project.title}\n{project.abstract}")
    rows = Proposal.objects.exclude(state__in=["draft", "unit_check", "withdrawn"]).select_related("party")
    for row in rows.order_by("pk"):
        found[row.number] = (row.title, row.party.name, text_of(row))
    return found


def compare(guideline: Guideline, *, actor: Actor, at: datetime) -> int:
    """Look at every proposal waiting for its form check → how many look like something else.

    A judgement already made of a pair stays.
    """
    if not actor.has(Role.OFFICER):
        raise Refused("查重由业务科室办理")
    rows = list(guideline.proposals.filter(state="recommended").order_by("pk"))
    with writing(actor, at):
        found = look(rows, day_of(at))
        log("查重", guideline, {"结果": [None, f"核对 {len(rows)} 项，{found} 项有相似项目"]})
    return found


def look(rows: Iterable[Proposal], on: Any) -> int:
    """Keep what each of these looks like → how many have something."""
    least = Fraction(number("similar_percent", on), 100)
    texts = corpus()
    index = Index({code: text for code, (_, _, text) in texts.items()})
    found = 0
    for row in rows:
        own = text_of(row)
        hits = index.like(own, least=least, most=MOST_HITS, leave_out=[row.number])
        kept = [str(hit.key) for hit in hits]
        row.likenesses.exclude(code__in=kept).filter(judgement=Likeness.Judgement.OPEN).delete()
        for hit in hits:
            title, unit, text = texts[str(hit.key)]
            values = {
                "title": title,
                "unit": unit,
                "share": hit.share.numerator * SHARE // hit.share.denominator,
                "passages": passages(own, text),
            }
            Likeness.objects.update_or_create(proposal=row, code=hit.key, defaults=values)
        found += bool(hits)
    return found


def judge(row: Likeness, judgement: str, note: str, *, actor: Actor, at: datetime) -> None:
    """An officer says whether two are the same work, and why."""
    with writing(actor, at):
        proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=row.proposal_id)
        if not actor.has(Role.OFFICER):
            raise Refused("是否重复由业务科室判断")
        if proposal.state != Proposal.State.RECOMMENDED:
            raise Refused(f"当前状态是“{proposal.get_state_display()}”，不能再改查重判断")
        if judgement not in (Likeness.Judgement.DIFFERENT, Likeness.Judgement.SAME):
            raise Refused("请选择是否构成重复")
        if not note.strip():
            raise Refused("请写明判断理由")
        before = row.judgement
        row.judgement, row.note, row.judged_by = judgement, whole(note, 300, "说明"), actor.name
        row.save()
        said = f"{row.title}（{row.code}）：{row.get_judgement_display()}"
        # On the pair, not on the proposal: its unit reads that history, and the other text may be somebody else's.
        log("查重判断", row, {"查重": [None if before == "open" else before, said]}, reason=note.strip())
