"""The same batch sent many times at once, on a house of its own: real threads, real transactions."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

SCRIPT = """
import django, json, threading
django.setup()
from datetime import date, timedelta
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
call_command("migrate", verbosity=0)
from keji.kernel import clock
from keji.kernel.audit.log import verify
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor
from keji.modules.enterprises.models import Certification
from keji.site.api.models import Call, Client
from keji.site.api.services import create_clients, issue_token

now, today = clock.now(), clock.today()
region = Region.objects.create(code="341502", level="county", name="金安区", short_name="金安")
party = Party.objects.create(uscc="91341502MA00001380", name="某公司", region=region, created_at=now)
clerk = Account.objects.create_user("clerk", "x", name="赵敏")
Grant.objects.create(account=clerk, role="county", region=region, from_on=date(2020, 1, 1))
row = {"name": "系统", "purpose": "报送", "account": clerk, "may_write": True, "from_on": today,
       "until_on": today + timedelta(days=9)}
client, = create_clients([row], actor=Actor.system(), at=now)
token = issue_token(client, actor=Actor.system(), at=now, seen=0)
body = json.dumps({"rows": [{"party": party.uscc, "kind": "hnte", "certificate_code": f"GR202434{n:06d}",
                             "issued_on": "2024-10-29"} for n in range(1, 40)]})
answers = []

def send():
    try:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one-batch"}
        answer = Browser().generic("POST", "/api/v1/records/certifications", data=body,
                                   content_type="application/json", headers=headers, SERVER_NAME="localhost")
        answers.append((answer.status_code, answer.json().get("replayed")))
    finally:
        connection.close()

threads = [threading.Thread(target=send) for _ in range(8)]
[t.start() for t in threads]
[t.join() for t in threads]
assert sorted(answers, key=str) == [(200, True)] * 7 + [(201, False)], answers
assert Certification.objects.count() == 39
assert Call.objects.count() == 1
assert Client.objects.get().calls == 8
assert verify().sound
print("held")
"""


def test_one_key_writes_once_however_many_calls_come_at_the_same_moment(tmp_path):
    env = {**os.environ, "KEJI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "keji.site.settings"}
    url = env.pop("KEJI_DATABASE_URL", None)
    if url:
        import psycopg

        own = f"race_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"create database {own}")
        env["KEJI_DATABASE_URL"] = url.rsplit("/", 1)[0] + f"/{own}"
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=env, capture_output=True, text=True, timeout=600
    )
    assert found.stdout.strip().endswith("held"), found.stdout + found.stderr
