"""Entering the tables quickly: the history of migrations stays as written, only the way through it is shorter.

After each operation Django builds anew every model that is connected with the one it touched, and here nearly all of
them are: an empty house took its 107 migrations in a minute of rendering classes. So what only adds to a table made in
the same migration is folded into the making of it, as squashing would, and tables made one after the other are
rendered together. Everything else (data, SQL of our own, changes of old tables) is done step by step as always.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.optimizer import MigrationOptimizer

#: What may be folded. Not data: the optimizer would drop what is marked as elidable.
ADDING = (CreateModel, AddField, AddIndex, AddConstraint)


def folded(app: str, operations: Sequence[Operation]) -> Iterator[tuple[bool, list[Operation]]]:
    """Runs of operations: (all of them make tables, the operations), in an order that comes to the same."""
    for adding, run in _runs(operations, *ADDING):
        shorter = _with_keys(MigrationOptimizer().optimize(run, app)) if adding else run
        yield from _runs(shorter, CreateModel)


def _runs(operations: Sequence[Operation], *kinds: type[Operation]) -> Iterator[tuple[bool, list[Operation]]]:
    for among, some in groupby(operations, key=lambda o: type(o) in kinds):
        yield among, list(some)


def _with_keys(run: Sequence[Operation]) -> list[Operation]:
    """Tables made together with their indexes and constraints.

    The optimizer moves none of them past anything else. Tables that get a column later on keep theirs for later too:
    they may be about that column.
    """
    growing = {o.model_name_lower for o in run if isinstance(o, AddField)}
    made = {o.name_lower: o for o in run if isinstance(o, CreateModel) and o.name_lower not in growing}
    keys: dict[str, list[Operation]] = {}
    for o in run:
        if isinstance(o, AddIndex | AddConstraint) and o.model_name_lower in made:
            keys.setdefault(o.model_name_lower, []).append(o)
    folded_in = {id(o) for some in keys.values() for o in some}
    return [
        _keyed(o, keys[o.name_lower]) if isinstance(o, CreateModel) and o.name_lower in keys else o
        for o in run
        if id(o) not in folded_in
    ]


def _keyed(table: CreateModel, keys: Sequence[Operation]) -> CreateModel:
    options = dict(table.options)
    options["indexes"] = [*options.get("indexes", ()), *(o.index for o in keys if isinstance(o, AddIndex))]
    options["constraints"] = [
        *options.get("constraints", ()),
        *(o.constraint for o in keys if isinstance(o, AddConstraint)),
    ]
    return CreateModel(table.name, fields=table.fields, options=options, bases=table.bases, managers=table.managers)


class Quick(Migration):
    """A migration that comes to the same as the one it was made from."""

    def __init__(self, original: Migration) -> None:
        super().__init__(original.name, original.app_label)
        vars(self).update(vars(original))
        vars(self).update(operations=original.operations, atomic=original.atomic, initial=original.initial)

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        for making, operations in folded(self.app_label, self.operations):
            if making:
                self._make(operations, project_state, schema_editor)
            else:
                step = Migration(self.name, self.app_label)
                vars(step).update(operations=operations, atomic=self.atomic)
                project_state = step.apply(project_state, schema_editor)
        return project_state

    def _make(self, operations: list[Operation], state: Any, schema_editor: Any) -> None:
        """Several tables, their models rendered once. While a state has no `apps`, nothing is rendered."""
        rendered = vars(state).pop("apps", None)
        for operation in operations:
            operation.state_forwards(self.app_label, state)
        if rendered is not None:
            state.apps = rendered
            state.reload_models([(self.app_label, o.name_lower) for o in operations], delay=False)  # type: ignore[attr-defined]
        for operation in operations:
            operation.database_forwards(self.app_label, schema_editor, state, state)


class QuickExecutor(MigrationExecutor):
    def apply_migration(self, state: Any, migration: Migration, *args: Any, **kwargs: Any) -> Any:
        return super().apply_migration(state, Quick(migration), *args, **kwargs)
