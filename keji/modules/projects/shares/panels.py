"""What stands of a joint project's shares, on the project's page and on a share's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.modules.projects.models import Challenge, Project, Share
from keji.modules.projects.numbers import wan
from keji.modules.projects.shares import services as shares


def shares_panel(request: HttpRequest, project: Project) -> dict[str, Any] | None:
    """Who does what of a joint project, and the list it came from; most projects are neither."""
    actor, joint = actor_of(request), shares.is_joint(project)
    challenge = Challenge.objects.filter(contract__project=project).first()
    if not joint and challenge is None:
        return None
    rows = [
        {
            "cells": [
                {"value": s.party.name, "sub": "牵头" if s.lead else ""},
                {"value": s.task},
                {"value": wan(s.grant), "align": "end"},
                {"value": wan(s.own_money), "align": "end"},
                {"value": "已确认" if s.agreed_at else "待确认", "badge": "green" if s.agreed_at else "amber"},
            ]
        }
        for s in project.shares.select_related("party")
    ]
    return {
        "project": project,
        "joint": joint,
        "columns": [{"label": "单位"}, {"label": "承担任务"}, {"label": "分得资助（万元）", "align": "end"},
                    {"label": "自筹（万元）", "align": "end"}, {"label": "确认"}],
        "rows": rows,
        "may_write": not shares.sharing_refusal(project, actor),
        "challenge": challenge,
    }  # fmt: skip


def share_panel(request: HttpRequest, share: Share) -> dict[str, Any]:
    actor = actor_of(request)
    mine = share.party_id in actor.parties and share.agreed_at is None and share.project.state == "established"
    return {"share": share, "may_agree": mine, "grant": wan(share.grant), "own": wan(share.own_money)}
