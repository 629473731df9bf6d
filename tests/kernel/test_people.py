"""People: one row a human being, what identifies them sealed, their own standing kept apart from their unit's."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from keji.kernel.parties.models import Person, Standing
from keji.kernel.parties.standings import blocked_parties, blocked_people, blocks

pytestmark = pytest.mark.django_db
NUMBER = "342401196802113219"


@pytest.fixture
def expert(make_party, person, now):
    account = person("expert", "wang")
    return Person.objects.create(
        name="王评审", party=make_party("某大学"), id_number=NUMBER, account=account, created_at=now
    )


def test_an_id_number_is_sealed_yet_finds_the_same_person_again(expert, now):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM parties_person WHERE id = %s", [expert.pk])
        assert NUMBER not in cursor.fetchone()[0]
    assert Person.objects.known_by(NUMBER).get() == expert
    assert not Person.objects.known_by("").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="又一个王评审", id_number=NUMBER, created_at=now)


def test_two_people_without_a_number_on_file_are_two(now):
    for _ in range(2):
        Person.objects.create(name="未提供证件", created_at=now)
    assert Person.objects.filter(id_print=None).count() == 2


def test_an_expert_sees_only_themselves(expert, actor_for, person, now):
    Person.objects.create(name="另一位", party=expert.party, created_at=now)
    assert list(Person.objects.visible_to(actor_for(expert.account))) == [expert]
    assert not Person.objects.visible_to(actor_for(person("expert", "li"))).exists()


def test_a_sanction_on_a_person_leaves_the_unit_free_and_tells_only_them(expert, actor_for, person, now):
    on = date(2024, 6, 1)
    standing = Standing.objects.create(
        person=expert,
        kind="sanction",
        measure="两年内不得参加评审",
        restricts=["review"],
        basis="六科监〔2024〕2号",
        from_on=on,
    )
    assert "不得参加评审" in blocks(expert, "review", on)
    assert blocks(expert.party, "review", on) == ""
    assert blocked_people("review", on) == {expert.pk: (standing.pk, blocks(expert, "review", on))}
    assert blocked_parties("review", on) == {}
    assert Standing.objects.visible_to(actor_for(expert.account)).exists()
    assert not Standing.objects.visible_to(actor_for(person("expert", "li"))).exists()
    assert not Standing.objects.visible_to(actor_for(person("institution", "school", party=expert.party))).exists()


def test_a_standing_is_over_a_unit_or_a_person_never_both_or_neither(expert, make_party):
    row = {"kind": "honour", "measure": "守信", "basis": "文", "from_on": date(2024, 1, 1)}
    for subjects in ({}, {"person": expert, "party": expert.party}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Standing.objects.create(**row, **subjects)
