"""What the inspector sees after logging in: what waits for a witness, and how the year's draws were witnessed."""

from __future__ import annotations

import pytest

from keji.kernel.people.models import Account
from keji.modules.experts.asking import PersonRef, Subject
from keji.modules.experts.models import Draw
from keji.modules.experts.services.drawing import draw_with_witness, observe
from keji.modules.experts.services.freezing import freeze_draw
from keji.modules.experts.services.supervision import draw_counts, draw_rows

MATTER = Subject("SB-2024-0001", "一种轴承", (), (PersonRef("赵甲"),))
pytestmark = pytest.mark.django_db


def counted(year: int) -> dict[str, int]:
    return {row["label"]: row["value"] for row in draw_counts(year)}


def test_a_draw_moves_from_waiting_for_a_witness_to_signed(ask, make_experts, people, now):
    make_experts(30)
    draw = freeze_draw(ask([MATTER]), actor=people.second, at=now)
    assert counted(now.year)["等监督人见证"] == 1
    draw = draw_with_witness(draw, "483920", actor=people.inspector, at=now)
    assert counted(now.year) == {"等监督人见证": 0, "封存中": 1, "没有签名": 1, "取消的抽取": 0}
    assert [cell["value"] for cell in draw_rows(now.year)[0]["cells"]][3:] == [people.inspector.name, "未签", 0]
    observe(draw, "sign", "", actor=people.inspector, at=now)
    assert counted(now.year)["没有签名"] == 0
    assert draw_rows(now.year)[0]["cells"][4]["value"] == "已签"


def test_what_nobody_signed_for_stays_on_top(ask, make_experts, people, now):
    make_experts(30)
    signed = draw_with_witness(
        freeze_draw(ask([MATTER]), actor=people.second, at=now), "483920", actor=people.inspector, at=now
    )
    owed = draw_with_witness(
        freeze_draw(ask([MATTER]), actor=people.second, at=now), "483921", actor=people.inspector, at=now
    )
    observe(signed, "sign", "", actor=people.inspector, at=now)
    Draw.objects.filter(pk=signed.pk).update(review_on=owed.review_on.replace(year=owed.review_on.year + 1))
    assert [row["url"] for row in draw_rows(now.year)] == [f"/experts/draws/{d.pk}" for d in (owed, signed)]


def test_the_inspector_opens_the_house_on_the_years_draws(enter, people, ask, make_experts, now):
    make_experts(30)
    freeze_draw(ask([MATTER]), actor=people.second, at=now)
    shown = enter(Account.objects.get(pk=people.inspector.id)).get("/").content.decode()
    assert "等监督人见证" in shown and "今年的专家抽取" in shown and "调查超期" in shown
