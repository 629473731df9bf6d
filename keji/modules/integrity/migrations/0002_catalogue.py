"""Puts the documents, dated numbers and the catalogue of integrity on the shelf."""

import tomllib
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parents[1] / "regulations"


def forwards(apps, schema_editor):
    from keji.modules.integrity.services.catalogue import rows_of

    def get(label, model):
        return apps.get_model(label, model)

    for row in tomllib.loads((FOLDER / "shelf.toml").read_text(encoding="utf-8"))["document"]:
        get("rules", "Regulation").objects.get_or_create(number=row.pop("number"), defaults=row)
    for row in tomllib.loads((FOLDER / "parameters.toml").read_text(encoding="utf-8"))["parameter"]:
        key = {"name": row.pop("name"), "from_on": row.pop("from_on"), "state": "in_force"}
        get("rules", "ParameterValue").objects.get_or_create(**key, defaults=row)
    editions, items = rows_of((FOLDER / "catalogue.toml").read_text(encoding="utf-8"))
    for row in editions:
        get("integrity", "Edition").objects.get_or_create(code=row.pop("code"), defaults=row)
    for row in items:
        key = {name: row.pop(name) for name in ("edition", "kind", "code")}
        get("integrity", "CatalogueItem").objects.get_or_create(**key, defaults=row)


class Migration(migrations.Migration):
    dependencies = [("integrity", "0001_initial"), ("rules", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
