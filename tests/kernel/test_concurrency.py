"""Many people at once, on a house of their own: real threads, real transactions, nothing rolled back by the test."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import django, threading
django.setup()
from datetime import date
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from keji.kernel import clock
from keji.kernel.audit.log import log, verify, writing
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Account, Grant
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import next_numbers

now = clock.now()
city = Region.objects.create(code="341500", level="city", name="六安市", short_name="六安")
people = [Account.objects.create_user(f"p{i}", "x", name=f"甲{i}") for i in range(6)]
for person in people:
    Grant.objects.create(account=person, role="officer", from_on=date(2020, 1, 1))
figure = ReportedFigure.objects.create(
    number="SB-2024-9999", region=city, indicator="rd", period="2024", value=1, caliber="全口径", owner="统计局",
    state="sent", created_at=now, updated_at=now,
)
won, refused, numbers, errors = [], [], [], []

def work(person):
    try:
        actor = person.actor(clock.today())
        for _ in range(15):
            with writing(actor, now):
                numbers.extend(next_numbers("XX", 2024))
                log("并发", city)
        try:
            take("confirm", figure, actor=actor, at=now)
            won.append(person.pk)
        except Refused as why:
            refused.append(str(why))
    except Exception as problem:
        errors.append(repr(problem))
    finally:
        connection.close()

threads = [threading.Thread(target=work, args=(p,)) for p in people]
[t.start() for t in threads]
[t.join() for t in threads]
found = verify()
assert not errors, errors
assert len(won) == 1 and len(refused) == 5, (won, refused)
assert all("已确认" in why for why in refused), refused
assert len(set(numbers)) == len(numbers) == 90
assert found.sound and found.size == 91, found
print("sound", found.size)
"""


def test_six_people_at_once_number_log_and_confirm_without_a_clash(tmp_path):
    env = os.environ | {"KEJI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "keji.site.settings"}
    server = os.environ.get("KEJI_DATABASE_URL", "")
    if server:
        import psycopg

        name = f"crowd_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
        env["KEJI_DATABASE_URL"] = server.rsplit("/", 1)[0] + f"/{name}"
    script = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(script, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "sound 91" in done.stdout


@pytest.mark.parametrize("command", [["audit", "verify"], ["doctor"], ["plan", "read", "keji/demo/plan-2024.txt"]])
def test_commands_answer_on_a_new_house(command, tmp_path):
    env = {k: v for k, v in os.environ.items() if k != "KEJI_DATABASE_URL"} | {"KEJI_DATA": str(tmp_path)}
    keji = [sys.executable, "-m", "keji.cli"]
    if command[0] == "audit":
        subprocess.run([*keji, "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
    done = subprocess.run([*keji, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    assert done.stdout
