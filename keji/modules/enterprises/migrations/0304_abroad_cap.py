"""Puts the cap of research commissioned abroad on the shelf of houses that already stand."""

import tomllib
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parents[1] / "regulations" / "parameters.toml"


def forwards(apps, schema_editor):
    parameter = apps.get_model("rules", "ParameterValue")
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["parameter"]:
        key = {"name": row.pop("name"), "from_on": row.pop("from_on"), "state": "in_force"}
        if key["name"] == "deduction.abroad_thirds":
            parameter.objects.get_or_create(**key, defaults=row)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0303_technology_focus"), ("rules", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
