"""The log of who did what, and how tampering shows."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from keji.kernel.audit.log import NotWriting, log, take_head, verify, writing
from keji.kernel.audit.models import Entry, Ledger
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor

pytestmark = pytest.mark.django_db

CLERK = Actor(id=7, name="王五")


def write_some(city, now, count=3):
    for i in range(count):
        with writing(CLERK, now):
            log(f"动作{i}", city, {"名称": ["旧", f"新{i}"]}, reason="测试")


def without_the_guard(statement):
    """What somebody with the database's own key could do: take the trigger away, then change a row."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_no_update")
            cursor.execute("DROP TRIGGER audit_entry_no_delete")
        else:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_change")
        cursor.execute(statement)


def test_a_change_outside_writing_is_refused(city):
    with pytest.raises(NotWriting):
        log("改名", city)


def test_an_untouched_log_verifies(city, now):
    write_some(city, now)
    found = verify()
    assert found.sound
    assert found.size == 3
    assert len(found.roots["sha256"]) == len(found.roots["sm3"]) == 64


def test_what_fails_leaves_no_entry(city, now):
    with pytest.raises(RuntimeError), writing(CLERK, now):
        log("半途", city)
        raise RuntimeError
    assert not Entry.objects.exists()
    assert Ledger.objects.get().size == 0


def test_the_database_refuses_to_change_or_delete_an_entry(city, now):
    write_some(city, now)
    for statement in ("UPDATE audit_entry SET actor_name = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert verify().sound


def test_verification_names_the_first_changed_entry(city, now):
    write_some(city, now)
    without_the_guard("UPDATE audit_entry SET reason = '另一个理由' WHERE position = 1")
    found = verify()
    assert not found.sound
    assert found.broken_at == 1
    assert "第 1 条" in found.message


def test_verification_names_a_removed_entry(city, now):
    write_some(city, now)
    without_the_guard("DELETE FROM audit_entry WHERE position = 1")
    assert verify().broken_at == 1


def test_an_entry_cut_from_the_end_is_missed(city, now):
    write_some(city, now)
    without_the_guard("DELETE FROM audit_entry WHERE position = 2")
    assert "末尾缺少 1 条" in verify().message


def test_a_log_rewritten_with_its_hashes_differs_from_the_printed_root(city, now):
    write_some(city, now)
    take_head(now, "2024年第10期月通报")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    first = Entry.objects.get(position=0)
    first.reason = "改写"
    from keji.lib import merkle

    leaves = {name: merkle.leaf_hash(merkle.canonical(first.content()), name).hex() for name in ("sha256", "sm3")}
    without_the_guard(
        f"UPDATE audit_entry SET reason = '改写', leaf_sha256 = '{leaves['sha256']}', leaf_sm3 = '{leaves['sm3']}' "
        "WHERE position = 0"
    )
    found = verify()
    assert not found.sound
    assert "2024年第10期月通报" in found.message


def test_a_delegate_is_named_with_whom_they_stand_in_for(person, actor_for, now, city):
    from datetime import date

    from keji.kernel.people.models import Delegation

    chief, deputy = person("leader", name="张局"), person("officer", name="李科")
    Delegation.objects.create(
        lender=chief, to=deputy, from_on=date(2024, 11, 1), until_on=date(2024, 11, 30), reason="出差"
    )
    with writing(actor_for(deputy), now):
        log("审批", city)
    assert Entry.objects.get().lent_by == "张局"


def test_nested_writing_is_one_transaction_with_one_set_of_entries(city, now):
    with writing(CLERK, now):
        log("外层", city)
        with writing(CLERK, now):
            log("内层", city)
    assert list(Entry.objects.order_by("position").values_list("action", flat=True)) == ["外层", "内层"]


def test_regions_are_part_of_the_city(city):
    assert Region.objects.filter(parent=city).count() == 8
