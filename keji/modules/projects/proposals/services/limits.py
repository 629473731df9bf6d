"""What stands in a proposal's way: completeness, money, 限项, sanctions, projects that are overdue.

Each problem is a sentence that names the record it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from keji.kernel import clock
from keji.kernel.documents.models import Attachment
from keji.kernel.parties.standings import blocks
from keji.lib.figures import plain_date
from keji.lib.indirect import indirect_ceiling
from keji.modules.projects.models import Material, Project, Proposal
from keji.modules.projects.models.project import RUNNING
from keji.modules.projects.numbers import months_later, number, slices, wan
from keji.modules.projects.proposals.services.people import known_leader

ASKED = (
    *(("theme", "支持方向"), ("leader_name", "项目负责人"), ("months", "执行期"), ("abstract", "摘要")),
    *(("contact_name", "联系人"), ("contact_phone", "联系电话")),
)


def problems(proposal: Proposal) -> list[str]:
    """Everything that stands in the way of handing it in, in the order a person would mend it."""
    return [*lacking(proposal), *money_problems(proposal), *limit_problems(proposal)]


def first_problem(proposal: Proposal) -> str:
    found = problems(proposal)
    rest = f"（另有 {len(found) - 1} 处，见“报送前核对”）" if len(found) > 1 else ""
    return f"{found[0]}{rest}" if found else ""


def lacking(proposal: Proposal) -> Iterator[str]:
    missing = [label for name, label in ASKED if getattr(proposal, name) in (None, "")]
    missing += [s["title"] for s in proposal.guideline.sections if not proposal.contents.get(s["code"], "").strip()]
    if missing:
        yield f"还有 {len(missing)} 项没有填：{'、'.join(missing)}"
    for section in proposal.guideline.sections:
        length, most = len(proposal.contents.get(section["code"], "")), section.get("most") or 0
        if most and length > most:
            yield f"“{section['title']}”有 {length:,} 字，最多 {most:,} 字"
    there = files_of(proposal)
    if short := [m["name"] for m in proposal.guideline.materials if m["required"] and not there.get(m["code"])]:
        yield f"还缺 {len(short)} 份必交材料（{'、'.join(short)}）"
    if not proposal.promised:
        yield "还没有作科研诚信承诺"


SOME = 200  # proposals whose files are asked for at once


def files_of(proposal: Proposal) -> dict[str, list[Attachment]]:
    """{material's code: its files}."""
    return files_of_many([proposal.pk]).get(proposal.pk, {})


def files_of_many(proposals: Sequence[int]) -> dict[int, dict[str, list[Attachment]]]:
    """{proposal: {material's code: its files}}, two queries for some hundreds of them."""
    found: dict[int, dict[str, list[Attachment]]] = {}
    for start in range(0, len(proposals), SOME):
        parts = Material.objects.filter(proposal__in=proposals[start : start + SOME])
        whose = {str(pk): (owner, code) for pk, owner, code in parts.values_list("pk", "proposal", "code")}
        rows = Attachment.objects.filter(
            subject_type=Material._meta.label_lower, subject_id__in=list(whose), removed_at__isnull=True
        )
        for file in rows.select_related("blob").order_by("name", "-version"):
            owner, code = whose[file.subject_id]
            found.setdefault(owner, {}).setdefault(code, []).append(file)
    return found


def money_problems(proposal: Proposal) -> Iterator[str]:
    guideline, asked = proposal.guideline, proposal.asked
    if asked <= 0:
        yield "还没有填申请经费"
        return
    if asked > guideline.grant_most:
        yield f"申请资助 {wan(asked)} 万元，超过单项上限 {wan(guideline.grant_most)} 万元"
    if proposal.own_money * 100 < proposal.total * guideline.own_percent:
        yield f"自筹 {wan(proposal.own_money)} 万元，不到总投入的 {guideline.own_percent}%"
    direct = proposal.equipment + proposal.business + proposal.labour
    most = indirect_ceiling(direct, proposal.equipment, slices(clock.today()))
    if proposal.indirect > most:
        yield f"间接费用 {wan(proposal.indirect)} 万元，按直接费用扣除设备费分档计算最多 {wan(most)} 万元"
    if proposal.months and proposal.months > guideline.months_most:
        yield f"执行期 {proposal.months} 个月，最长 {guideline.months_most} 个月"


def limit_problems(proposal: Proposal) -> Iterator[str]:
    """限项 and sanctions, each naming its record."""
    guideline, others = proposal.guideline, Proposal.objects.standing().exclude(pk=proposal.pk)
    if why := sanction(proposal, "apply"):
        yield why
    same = list(others.filter(guideline=guideline, party=proposal.party_id).order_by("pk"))
    if len(same) >= guideline.unit_quota:
        yield f"本单位在这一指南已报 {len(same)} 项（{same[0].number}），限报 {guideline.unit_quota} 项"
    person = proposal.leader or known_leader(proposal)
    if person is not None:
        busy = [p.number for p in Project.objects.filter(leader=person, state__in=RUNNING).order_by("pk")]
        busy += [p.number for p in others.filter(leader=person).exclude(state="established").order_by("pk")]
        if len(busy) >= guideline.leader_most:
            named = "、".join(busy[:3])
            yield f"负责人{person.name}在研和申报已有 {len(busy)} 项（{named}），限 {guideline.leader_most} 项"
    if late := overdue(proposal.party_id, clock.today()):
        project, day = late
        yield f"本单位有逾期未验收项目（{project.number}，应于{plain_date(day)}前申请验收），验收后才能再报"


def limit_problem(proposal: Proposal) -> str:
    return next(limit_problems(proposal), "")


def overdue(party: int, on: date) -> tuple[Project, date] | None:
    """A project of the unit whose acceptance should have been asked for before the day, and by when; None when none."""
    months = number("acceptance_months", on)
    rows = Project.objects.filter(party=party, state__in=("established", "signed"), ends_on__lt=on)
    for project in rows.order_by("ends_on", "pk"):
        if (last := months_later(project.ends_on, months)) < on:
            return project, last
    return None


def sanction(proposal: Any, verb: str) -> str:
    """Why a sanction over the unit, a partner or the leader forbids `verb` today; "" when none does."""
    on = clock.today()
    person = proposal.leader or (known_leader(proposal) if isinstance(proposal, Proposal) else None)
    subjects: list[Any] = [proposal.party, *([person] if person else [])]
    source = proposal if isinstance(proposal, Proposal) else proposal.proposal
    if source is not None and source.pk:
        subjects += [p.party for p in source.partners.select_related("party") if p.party]
    for subject in subjects:
        if why := blocks(subject, verb, on):
            return f"{subject}{why}"
    return ""
