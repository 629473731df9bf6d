"""The short way through the migrations ends at the same tables as the long one."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration, RunPython
from django.db.migrations.state import ProjectState

from keji.site.migrating import Quick, folded


def table(name: str, *fields: tuple[str, Any], **options: Any) -> CreateModel:
    return CreateModel(name, [("id", models.BigAutoField(primary_key=True)), *fields], options)


def history() -> list[Any]:
    """What tests of histories are made of: keys of one table after others were made, a column after its key."""
    return [
        table("Author", ("name", models.CharField(max_length=20)), ("born", models.DateField(null=True))),
        table("Book", ("title", models.CharField(max_length=20)), ("pages", models.IntegerField(default=0))),
        AddIndex("author", models.Index(fields=["name", "-id"], name="try_author_name")),
        AddField("book", "author", models.ForeignKey("otp_totp.author", models.CASCADE)),
        table("Note", ("book", models.ForeignKey("otp_totp.book", models.CASCADE)), ("at", models.IntegerField())),
        AddConstraint("author", models.UniqueConstraint(fields=["name", "born"], name="try_author_once")),
        AddConstraint("book", models.UniqueConstraint(fields=["author", "title"], name="try_book_once")),
        AddConstraint("note", models.CheckConstraint(condition=models.Q(at__gte=1), name="try_note_at")),
        AddIndex("note", models.Index(fields=["at"], name="try_note_by_at")),
        RunPython(remember, migrations.RunPython.noop, elidable=True),
        AddField("note", "seen", models.BooleanField(default=False)),
        AddIndex("note", models.Index(fields=["seen"], name="try_note_seen")),
    ]


RAN: list[int] = []


def remember(apps: Any, schema_editor: Any) -> None:
    RAN.append(apps.get_model("otp_totp", "Author").objects.count())


def described() -> dict[str, Any]:
    """Columns, indexes and constraints of the three tables, as the database tells them."""
    found = {}
    with connection.cursor() as cursor:
        for name in ("author", "book", "note"):
            constraints = connection.introspection.get_constraints(cursor, f"otp_totp_{name}")
            named = {k: v for k, v in constraints.items() if k.startswith("try_")}
            columns = {c.name for c in connection.introspection.get_table_description(cursor, f"otp_totp_{name}")}
            keys = sorted(str(c["foreign_key"]) for c in constraints.values() if c["foreign_key"])
            found[name] = columns, named, keys
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rendered", [False, True])
def test_the_short_way_ends_at_the_same_tables(rendered: bool) -> None:
    seen = []
    for way in (lambda m: m, Quick):
        RAN.clear()
        migration = Migration("0999_try", "otp_totp")
        migration.operations = history()
        state = ProjectState()
        if rendered:
            assert state.apps
        with connection.schema_editor() as editor:
            state = way(migration).apply(state, editor)
        seen.append((described(), {k: v.fields.keys() for k, v in state.models.items()}, list(RAN)))
        with connection.schema_editor() as editor:
            for name in ("note", "book", "author"):
                editor.delete_model(state.apps.get_model("otp_totp", name))
    assert seen[0] == seen[1]
    assert seen[1][2] == [0], "data that may be left out when history is squashed is not left out here"


def test_keys_go_into_the_making_of_their_table_unless_it_grows_later() -> None:
    runs = [(making, [type(o).__name__ for o in some]) for making, some in folded("otp_totp", history())]
    assert runs[0] == (True, ["CreateModel"] * 3)
    assert [name for _, names in runs for name in names].count("AddIndex") == 1, "of the column added after the data"
    assert (False, ["RunPython"]) in [(making, names[:1]) for making, names in runs]


@pytest.mark.django_db
def test_every_index_and_constraint_of_every_table_is_there() -> None:
    """What the tests run on was made the short way."""
    missing = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if not model._meta.managed:
                continue
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
            wanted = [key.name for key in (*model._meta.indexes, *model._meta.constraints)]
            missing += [f"{model._meta.label}: {name}" for name in wanted if name not in there]
    assert missing == []


def test_nobody_else_runs_migrations() -> None:
    from django.core.management import get_commands

    assert get_commands()["migrate"] == "keji.site"
