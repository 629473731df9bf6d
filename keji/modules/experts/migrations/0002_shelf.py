"""Puts this module's documents, dated numbers and the disciplines of GB/T 13745 on the shelf."""

import tomllib
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parents[1]


def read(*parts):
    return tomllib.loads(FOLDER.joinpath(*parts).read_text(encoding="utf-8"))


def forwards(apps, schema_editor):
    regulation, parameter = apps.get_model("rules", "Regulation"), apps.get_model("rules", "ParameterValue")
    discipline = apps.get_model("experts", "Discipline")
    for row in read("regulations", "shelf.toml")["document"]:
        regulation.objects.get_or_create(number=row.pop("number"), defaults=row)
    for row in read("regulations", "parameters.toml")["parameter"]:
        key = {"name": row.pop("name"), "from_on": row.pop("from_on"), "state": "in_force"}
        parameter.objects.get_or_create(**key, defaults=row)
    for row in read("standards", "disciplines.toml")["discipline"]:  # first level first: the file is in that order
        parent = row["code"].split(".")[0] if "." in row["code"] else None
        discipline.objects.get_or_create(code=row.pop("code"), defaults={**row, "parent_id": parent})


class Migration(migrations.Migration):
    dependencies = [("experts", "0001_initial"), ("rules", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
