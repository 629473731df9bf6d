"""A whole year across the modules: what the demo city's people did must hold together at its end."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from keji.demo.year import tell_the_year
from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Head
from keji.kernel.documents.models import Paper
from keji.kernel.indicators.freeze import members_of
from keji.kernel.indicators.indicator import counted
from keji.kernel.indicators.models import Reading, Target
from keji.kernel.indicators.objections import FigureObjection
from keji.lib.paper.check import check
from keji.modules.plan.models import Allocation, FollowUp, Plan
from keji.modules.platforms.models import Tenant

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_the_year_holds_together():
    tell_the_year(scale=Fraction(1, 20))

    # The plan became its tracker: five actions, sixteen tasks, each under supervision.
    plan = Plan.objects.get()
    assert (plan.state, plan.items.filter(kind="action").count(), plan.items.filter(kind="task").count()) == (
        "adopted",
        5,
        16,
    )
    assert FollowUp.objects.count() == 16
    assert not plan.targets.exclude(conflict="").exists()

    # Shares were issued, one after an objection, and counties are held to them.
    assert set(Allocation.objects.values_list("state", flat=True)) == {"issued"}
    assert Allocation.objects.exclude(answer="").count() == 1
    assert Target.objects.filter(indicator="hnte_stock").count() == 9

    # Twelve months are frozen; every city figure is its parts' and its own; a count opens to as many records.
    assert Reading.objects.values("period").distinct().count() == 12
    for indicator in (i for i in counted() if i.adds_up):
        for whole in Reading.objects.filter(indicator=indicator.code, region="341500", current=True):
            parts = Reading.objects.filter(indicator=indicator.code, period=whole.period, current=True).exclude(
                region="341500"
            )
            beyond = whole.value - sum(p.value for p in parts)  # what sits on the city itself
            assert beyond >= 0 if indicator.amount else beyond == len(whole.ids), indicator.code
            assert indicator.amount or whole.value == len(members_of(whole)), indicator.code

    # Incubators: every state of a tenant, every way out, some not visited; the frozen stock is the list of that day.
    assert set(Tenant.objects.values_list("state", flat=True)) == set(Tenant.State.values)
    assert set(Tenant.objects.values_list("leaving", flat=True)) == {"", *Tenant.Leaving.values}
    frozen = Reading.objects.get(indicator="incubated_stock", region="341500", period="2024-11", current=True)
    inside = Tenant.objects.incubated_on(date(2024, 11, 30)).filter(incubator__kind="incubator")
    assert set(members_of(frozen)) <= set(inside.values_list("pk", flat=True))
    assert frozen.value > 0

    # October was corrected: the first version stayed, and the correction names the paper it corrects.
    october = Reading.objects.filter(indicator="tech_sme_listed", region="341504", period="2024-10").order_by("version")
    assert [r.current for r in october] == [False, True]
    correction = Paper.objects.exclude(corrects=None).get(kind="bulletin")
    assert correction.corrects.number in str(correction.content)

    # Every paper is issued in sound layout but one left lying and one that waits for the leader; those of one series
    # are numbered without a gap, and the log root printed in each still holds.
    lying = Paper.objects.exclude(state="issued").values_list("kind", "period", "state")
    assert set(lying) == {("race_month", "2024-07", "draft"), ("race_month", "2024-09", "reviewed")}
    papers = list(Paper.objects.filter(state="issued").order_by("created_at"))
    assert all(p.state == "issued" and not [f for f in check(p.docx.read()) if f.severity == "error"] for p in papers)
    series = [p.number for p in papers if p.number.startswith("六科通")]
    assert series == [f"六科通〔2024〕{n}号" for n in range(1, len(series) + 1)]
    assert {"bulletin", "race_month", "race_quarter", "race_year"} == {p.kind for p in papers if p.number in series}
    assert {h.printed_in.split()[0] for h in Head.objects.all()} == set(series)
    assert verify().sound

    # Objections were heard, one found right and one not; two still wait.
    states = list(FigureObjection.objects.values_list("state", flat=True))
    assert set(states) == {"dismissed", "upheld", "raised"}
    assert states.count("raised") == 2


TELL = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from fractions import Fraction
from keji.demo.year import tell_the_year
tell_the_year(scale=Fraction(1, 40))
from keji.kernel.audit.log import verify
from keji.kernel.documents.models import Paper
print(verify().roots["sha256"], *Paper.objects.order_by("pk").values_list("data_digest", flat=True))
"""


def test_the_same_seed_tells_the_same_year_to_the_last_log_entry(tmp_path):
    told = []
    for seed in ("1", "2"):
        env = {k: v for k, v in os.environ.items() if k != "KEJI_DATABASE_URL"}
        env |= {
            "KEJI_DATA": str(tmp_path / seed),
            "PYTHONHASHSEED": seed,
            "DJANGO_SETTINGS_MODULE": "keji.site.settings",
        }
        done = subprocess.run(
            [sys.executable, "-c", TELL], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr[-2000:]
        told.append(hashlib.sha256(done.stdout.encode()).hexdigest())
    assert told[0] == told[1]
