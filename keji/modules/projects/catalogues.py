"""What everybody may look up of the projects."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet

from keji.desk.catalogue import PublicCatalogue, open_catalogue
from keji.modules.projects.models import Challenge, Project


class Topic(PublicCatalogue):
    """Projects of the programmes with one tag."""

    columns = ("title", "party__name", "programme", "region", "year", "established_on", "grant", "state")
    search = ("title", "party__name")
    related = ("party", "region", "programme")
    order = ("-year", "pk")
    tag: ClassVar[str]


def tagged(tag: str) -> QuerySet[Any]:
    # A project that was given up never was one for the public.
    found: QuerySet[Any] = Project.objects.filter(programme__tag=tag).exclude(state="waived")
    return found


@open_catalogue
class GreenProjects(Topic):
    name, title, icon = "green-projects", "绿色低碳科技项目", "plant-2"
    intro = "绿色低碳专题科技计划立项的项目。"

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return tagged("green")


@open_catalogue
class LivelihoodProjects(Topic):
    name, title, icon = "livelihood-projects", "民生科技项目", "heart-handshake"
    intro = "民生科技专题科技计划立项的项目。"

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return tagged("livelihood")


@open_catalogue
class OpenChallenges(PublicCatalogue):
    name, title, icon = "challenges", "揭榜挂帅榜单", "target-arrow"
    intro = "正在征集揭榜单位的榜单；不设职称、学历、年龄门槛，有意者登录后应榜。"
    columns = ("title", "party__name", "need", "prize", "months", "terms", "opens_on", "closes_on", "contact", "region")
    search = ("title", "party__name", "need")
    related = ("party", "region")
    order = ("closes_on", "pk")

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return Challenge.objects.filter(state="open", closes_on__gte=on)
