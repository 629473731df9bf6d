"""What everybody may look up of the projects."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.desk.catalogue import PublicCatalogue, open_catalogue
from keji.modules.projects.models import Project


@open_catalogue
class ProjectCatalogue(PublicCatalogue):
    name, title, icon = "projects", "科技计划立项项目", "briefcase"
    intro = "市级科技计划立项的项目、承担单位和资助金额；撤销和放弃的不再列出。"
    columns = ("title", "party__name", "region", "programme", "year", "grant", "state")
    search = ("title", "party__name", "number")
    related = ("party", "region", "programme")
    order = ("-year", "region__order", "pk")

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        found: QuerySet[Any] = Project.objects.exclude(state__in=["revoked", "waived"]).filter(established_on__lte=on)
        return found
