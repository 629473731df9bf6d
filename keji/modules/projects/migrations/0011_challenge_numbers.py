"""Puts the dated numbers that came with challenges and results on the kernel's shelf of houses that are there already."""

import tomllib
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parents[1] / "regulations"


def forwards(apps, schema_editor):
    parameter = apps.get_model("rules", "ParameterValue")
    for row in tomllib.loads((FOLDER / "parameters.toml").read_text(encoding="utf-8"))["parameter"]:
        key = {"name": row.pop("name"), "from_on": row.pop("from_on"), "state": "in_force"}
        parameter.objects.get_or_create(**key, defaults=row)


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_challenge_results"), ("rules", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
