"""Puts this module's documents and dated numbers on the kernel's shelf, and its code lists into their table."""

import tomllib
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parents[1] / "regulations"


def read(name):
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def forwards(apps, schema_editor):
    regulation, parameter = apps.get_model("rules", "Regulation"), apps.get_model("rules", "ParameterValue")
    code = apps.get_model("rnd", "Code")
    for row in read("shelf.toml")["document"]:
        regulation.objects.get_or_create(number=row.pop("number"), defaults=row)
    for row in read("parameters.toml")["parameter"]:
        key = {"name": row.pop("name"), "from_on": row.pop("from_on"), "state": "in_force"}
        parameter.objects.get_or_create(**key, defaults=row)
    code.objects.bulk_create(code(**row) for row in read("codes.toml")["code"])


class Migration(migrations.Migration):
    dependencies = [("rnd", "0001_initial"), ("rules", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
