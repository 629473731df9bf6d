"""What everybody may look up of the projects."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.desk.catalogue import PublicCatalogue, open_catalogue
from keji.modules.projects.models import Challenge, Project


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


class Topic(ProjectCatalogue):
    """Those of the programmes with one tag; the parts below say which."""


def tagged(tag: str, on: date) -> QuerySet[Any]:
    found: QuerySet[Any] = ProjectCatalogue.records(on).filter(programme__tag=tag)
    return found


@open_catalogue
class GreenProjects(Topic):
    name, title, icon = "green-projects", "绿色低碳科技项目", "plant-2"
    intro = "绿色低碳专题科技计划立项的项目。"

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return tagged("green", on)


@open_catalogue
class LivelihoodProjects(Topic):
    name, title, icon = "livelihood-projects", "民生科技项目", "heart-handshake"
    intro = "民生科技专题科技计划立项的项目。"

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return tagged("livelihood", on)


@open_catalogue
class OpenChallenges(PublicCatalogue):
    name, title, icon = "challenges", "揭榜挂帅榜单", "target-arrow"
    intro = "正在征集揭榜单位的榜单；不设职称、学历、年龄门槛，有意者登录后应榜。"
    columns = ("title", "party__name", "need", "prize", "months", "closes_on", "contact", "region")
    search = ("title", "party__name", "need")
    related = ("party", "region")
    order = ("closes_on", "pk")

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return Challenge.objects.filter(state="open", closes_on__gte=on)
