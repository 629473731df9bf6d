"""What everybody may look up: measures in force whose decision says they are public."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.desk.catalogue import PublicCatalogue, open_catalogue
from keji.kernel.parties.models import Standing
from keji.modules.integrity.models import Sanction


@open_catalogue
class Sanctioned(PublicCatalogue):
    name, title, icon = "integrity-sanctions", "科研诚信处理公开", "gavel"
    intro = "决定书写明对外公开、仍在期限内的处理措施；没有写明公开的不在这里列出。"
    columns = ("whom", "words", "days", "basis")
    region = ""
    related = ("subject__party", "subject__person", "standing")
    order = ("-from_on", "pk")

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        in_force = Standing.objects.in_force(on).values("pk")
        return Sanction.objects.filter(public=True, standing__in=in_force)
