"""One file holds the whole house; a damaged one is refused, an empty house gets everything back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.db import connection

from keji.kernel.audit.log import log, verify, writing
from keji.kernel.audit.models import Entry
from keji.kernel.documents.models import keep
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.site.backup import BackupError, backup, check, restore

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(person, make_party, now, settings, tmp_path):
    person("officer", "zhang", name="张三")
    party = make_party("六安某公司", contact_phone="13912345678")
    with writing(Actor(id=1, name="张三"), now):
        log("建档", party, {"名称": [None, "六安某公司"]})
    keep(b"evidence")
    return party


def empty_the_house():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_no_delete")
        else:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_change")
    Entry.objects.all()._raw_delete("default")
    for model in (Party,):
        model.objects.all().delete()
    Account.objects.all().delete()
    Region.objects.exclude(parent=None).delete()
    Region.objects.all().delete()


def test_everything_comes_back_and_the_log_still_verifies(house, tmp_path, settings):
    file = tmp_path / "house.keji"
    before = verify()
    backup(file)
    empty_the_house()
    settings.MEDIA_ROOT = tmp_path / "other"
    restore(file)
    again = Party.objects.get(pk=house.pk)
    assert (again.name, again.contact_phone, again.region_id) == ("六安某公司", "13912345678", "341502")
    assert Account.objects.get(username="zhang").check_password("Keji-2024")
    assert keep(b"evidence").read() == b"evidence"
    assert verify().sound
    assert verify().roots == before.roots


def test_personal_data_is_not_readable_in_the_file(house, tmp_path):
    file = tmp_path / "house.keji"
    backup(file, keys=False)
    with zipfile.ZipFile(file) as archive:
        assert b"13912345678" not in archive.read("tables/parties.party.jsonl")
        assert not any(name.startswith("keys/") for name in archive.namelist())


def test_one_changed_byte_is_found_before_anything_is_written(house, tmp_path):
    file = tmp_path / "house.keji"
    backup(file)
    damaged = tmp_path / "damaged.keji"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace("六安某公司".encode(), "六安某公词".encode()))
    with pytest.raises(BackupError, match="的内容与清单不符"):
        check(damaged)


@pytest.mark.parametrize("content", [b"", b"not a backup", b"PK\x03\x04 cut off"])
def test_another_file_is_refused_with_a_sentence(content, tmp_path):
    file = tmp_path / "x.keji"
    file.write_bytes(content)
    with pytest.raises(BackupError, match="请换一份备份"):
        check(file)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BackupError, match="没有找到"):
        check(Path(tmp_path / "none.keji"))


def test_a_house_in_use_is_not_overwritten(house, tmp_path):
    file = tmp_path / "house.keji"
    backup(file)
    with pytest.raises(BackupError, match="已经有数据"):
        restore(file)
    assert Party.objects.filter(pk=house.pk).exists()
