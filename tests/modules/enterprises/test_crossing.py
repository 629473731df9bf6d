"""A correction and a confirmation that cross: whoever comes second is told, nothing is overwritten."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.modules.enterprises import api

pytestmark = pytest.mark.django_db


def test_a_correction_does_not_undo_a_confirmation_it_did_not_see(make_party, person, actor_for, now):
    row = {
        "party": make_party(),
        "kind": "hnte",
        "certificate_code": "GR202434000007",
        "issued_on": date(2024, 10, 29),
        "batch": "",
    }
    record = api.report_certifications([row], actor=Actor.system(), at=now, source="page")[0]
    stale = api.Certification.objects.get(pk=record.pk)
    take("confirm", record, actor=actor_for(person("officer")), at=now)
    with pytest.raises(Refused, match="刚刚有人办理了这条记录"):
        api.correct_certification(
            stale, {"batch": "第二批"}, actor=actor_for(person("county", region="341502")), at=now
        )
    record.refresh_from_db()
    assert (record.state, record.batch) == ("confirmed", "")
