"""A county reports, an officer confirms, and nobody confirms what they reported themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.people.roles import Actor, Authority, Role
from keji.kernel.records.flow import Refused, take
from keji.modules.enterprises.models import Certification
from keji.modules.enterprises.titles.services import (
    confirm_in_bulk,
    correct_certification,
    report_certifications,
    update_party,
)
from keji.modules.enterprises.titles.validity import Validity, add_years

pytestmark = pytest.mark.django_db
ISSUED = date(2024, 10, 29)


def test_a_county_reports_and_an_officer_confirms(person, actor_for, report, now):
    county, officer = actor_for(person("county", region="341502")), actor_for(person("officer"))
    record = report("hnte", ISSUED, actor=county)
    assert (record.state, record.source, record.region_id) == ("reported", "county", "341502")
    assert record.number.startswith("ZS-2024-")
    confirmed = take("confirm", record, actor=officer, at=now)
    assert (confirmed.state, confirmed.confirmed_at) == ("confirmed", now)
    assert verify().sound


def test_who_reported_may_not_confirm(person, actor_for, report, now):
    officer = actor_for(person("officer"))
    with pytest.raises(Refused, match="填报和确认必须是两个人"):
        take("confirm", report("hnte", ISSUED, actor=officer), actor=officer, at=now)


def test_who_corrected_a_returned_record_may_not_confirm_it_either(person, actor_for, report, now):
    county, first, second = (
        actor_for(person("county", region="341502")),
        actor_for(person("officer")),
        actor_for(person("officer")),
    )
    record = take("send_back", report("hnte", ISSUED, actor=county), actor=first, at=now, reason="日期与公告不符")
    correct_certification(record, {"issued_on": date(2024, 10, 30)}, actor=first, at=now)
    record = take("resend", record, actor=first, at=now)
    with pytest.raises(Refused, match="两个人"):
        take("confirm", record, actor=first, at=now)
    assert take("confirm", record, actor=second, at=now).state == "confirmed"


def test_sending_back_needs_a_reason_and_the_county_resends(person, actor_for, report, now):
    county, officer = actor_for(person("county", region="341502")), actor_for(person("officer"))
    record = report("hnte", ISSUED, actor=county)
    with pytest.raises(Refused, match="退回需要写明理由"):
        take("send_back", record, actor=officer, at=now)
    record = take("send_back", record, actor=officer, at=now, reason="证书编号不清楚")
    assert record.state == "returned"
    assert take("resend", record, actor=county, at=now).state == "reported"


def test_a_county_neither_confirms_nor_touches_another_county(person, actor_for, report, now):
    own, other = actor_for(person("county", region="341502")), actor_for(person("county", region="341503"))
    record = report("hnte", ISSUED, actor=own)
    with pytest.raises(Refused, match="确认由业务科室办理"):
        take("confirm", record, actor=own, at=now)
    with pytest.raises(Refused, match="不在您的县区或单位范围内"):
        take("void", record, actor=other, at=now, reason="不是我们的")


def test_a_confirmed_record_is_voided_by_the_bureau_only(person, actor_for, confirmed, now):
    record = confirmed("hnte", ISSUED)
    with pytest.raises(Refused, match="已确认的记录由业务科室作废"):
        take("void", record, actor=actor_for(person("county", region="341502")), at=now, reason="报错了")
    assert take("void", record, actor=actor_for(person("officer")), at=now, reason="报错了").state == "void"


def test_a_revocation_has_a_date_and_a_reason(person, actor_for, confirmed, now):
    officer, record = actor_for(person("officer")), confirmed("hnte", ISSUED)
    with pytest.raises(Refused, match="不能早于发证日期2024年10月29日"):
        take("revoke", record, actor=officer, at=now, reason="取消资格", revoked_on=date(2024, 10, 1))
    record = take("revoke", record, actor=officer, at=now, reason="取消资格", revoked_on=date(2024, 11, 5))
    assert (record.state, record.revoked_on, record.revoked_reason) == ("revoked", date(2024, 11, 5), "取消资格")


def test_the_database_holds_one_live_record_per_code(report, make_party, now):
    first = report("hnte", ISSUED)
    row = {
        "party": make_party(),
        "kind": "hnte",
        "certificate_code": first.certificate_code,
        "issued_on": ISSUED,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        report_certifications([row], actor=Actor.system(), at=now, source="page")
    take("void", first, actor=Actor.system(), at=now, reason="单位选错")
    assert report_certifications([row], actor=Actor.system(), at=now, source="page")[0].state == "reported"


def test_a_firm_enters_the_sme_register_once_a_year(report, make_party):
    party = make_party()
    report("tech_sme", date(2023, 8, 1), party=party)
    report("tech_sme", date(2024, 8, 1), party=party)
    with pytest.raises(IntegrityError), transaction.atomic():
        report("tech_sme", date(2024, 9, 1), party=party)


def test_a_failed_report_leaves_nothing_behind(report, make_party, now):
    first, before = report("hnte", ISSUED), Entry.objects.count()
    rows = [
        {"party": make_party(), "kind": "hnte", "certificate_code": code, "issued_on": ISSUED}
        for code in ("GR202434777777", first.certificate_code)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        report_certifications(rows, actor=Actor.system(), at=now, source="page")
    assert Certification.objects.count() == 1
    assert Entry.objects.count() == before


def test_confirming_in_bulk_leaves_out_what_one_may_not_confirm(person, actor_for, report, now):
    officer, county = actor_for(person("officer")), actor_for(person("county", region="341502"))
    theirs = [report("hnte", ISSUED, actor=county) for _ in range(3)]
    own = report("hnte", ISSUED, actor=officer)
    assert confirm_in_bulk([r.pk for r in [*theirs, own]], actor=officer, at=now) == 3
    own.refresh_from_db()
    assert own.state == "reported"
    assert Entry.objects.filter(action="确认").count() == 3
    assert verify().sound


def test_a_firm_that_moves_takes_its_certifications_along(person, actor_for, confirmed, now):
    from keji.kernel.parties.models import Region

    record = confirmed("hnte", ISSUED)
    region = Region.objects.get(pk="341525")
    update_party(record.party, {"region": region, "name": "六安新名科技有限公司"}, actor=Actor.system(), at=now)
    record.refresh_from_db()
    assert record.region_id == "341525"
    assert record.party.name_on(date(2024, 1, 1)) == "六安第1科技有限公司"


@given(day=st.dates(date(2008, 1, 1), date(2030, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_a_certificate_is_valid_three_years_and_not_a_day_more(db, day):
    last = Validity().last_day("hnte", day)
    assert last + timedelta(days=1) == add_years(day, 3)
    assert day <= last < add_years(day, 3)


def test_a_register_number_is_valid_to_the_end_of_its_year(db):
    assert Validity().last_day("tech_sme", date(2024, 7, 15)) == date(2024, 12, 31)
    assert Validity().last_day("hnte", date(2024, 2, 29)) == date(2027, 2, 28)


REGIONS = ("341502", "341503", "341522", "341500-KFQ")


@given(
    held=st.lists(st.sampled_from(REGIONS), min_size=1, max_size=6),
    role=st.sampled_from(list(Role)),
    own=st.sampled_from(REGIONS),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_everybody_sees_exactly_what_their_role_reaches(city, make_party, report, held, role, own):
    """Bureau and inspector all, a county its own, a firm its own, everybody else nothing."""
    with transaction.atomic():
        records = [report("hnte", ISSUED, region=region) for region in held]
        actor = Actor(7, "某人", (Authority(role, region=own, party=records[0].party_id),))
        seen = set(Certification.objects.visible_to(actor).values_list("pk", flat=True))
        if role in (Role.LEADER, Role.OFFICER, Role.INSPECTOR):
            expected = {r.pk for r in records}
        elif role is Role.COUNTY:
            expected = {r.pk for r in records if r.region_id == own}
        elif role is Role.ENTERPRISE:
            expected = {records[0].pk}
        else:
            expected = set()
        assert seen == expected
        writable = set(Certification.objects.writable_by(actor).values_list("pk", flat=True))
        assert writable <= seen
        assert (writable == seen) is (role in (Role.OFFICER, Role.COUNTY) or not seen)
        transaction.set_rollback(True)
