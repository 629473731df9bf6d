"""Puts this module's documents and dated numbers on the kernel's shelf."""

import tomllib
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parents[1] / "regulations"


def forwards(apps, schema_editor):
    regulation, parameter = apps.get_model("rules", "Regulation"), apps.get_model("rules", "ParameterValue")
    for row in tomllib.loads((FOLDER / "shelf.toml").read_text(encoding="utf-8"))["document"]:
        regulation.objects.get_or_create(number=row.pop("number"), defaults=row)
    for row in tomllib.loads((FOLDER / "parameters.toml").read_text(encoding="utf-8"))["parameter"]:
        key = {"name": row.pop("name"), "from_on": row.pop("from_on"), "state": "in_force"}
        parameter.objects.get_or_create(**key, defaults=row)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("rules", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
