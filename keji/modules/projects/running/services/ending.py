"""What follows when a project is revoked: whoever deals with dishonesty learns of it in the same transaction."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.people.roles import Actor
from keji.kernel.records.referrals import Referral, refer
from keji.modules.projects.models import Project
from keji.modules.projects.numbers import wan


def hand_over(project: Project, reason: str, *, actor: Actor, at: datetime) -> None:
    """Refer the unit and its leader. Part of the step 撤销."""
    gist = (
        f"{project.party.name}承担的“{project.title}”被撤销，核定资助 {wan(project.grant)} 万元，"
        f"已拨付 {wan(project.paid)} 万元。撤销原因：{reason}"
    )
    matter = Referral(project.number, gist, project.party, project.leader)
    refer(project, matter, actor=actor, at=at)
