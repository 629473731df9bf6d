"""migrate: Django's own command on a shorter way (keji.site.migrating)."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor

from keji.site.migrating import QuickExecutor


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        # The command finds its executor by this name and offers no other way to choose one.
        usual = MigrationExecutor
        vars(migrate)["MigrationExecutor"] = QuickExecutor
        try:
            return super().handle(*args, **options)
        finally:
            vars(migrate)["MigrationExecutor"] = usual
