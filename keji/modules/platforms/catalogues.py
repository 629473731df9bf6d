"""What everybody may look up of the platforms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.desk.catalogue import PublicCatalogue, open_catalogue
from keji.modules.platforms.models import Platform


@open_catalogue
class PlatformCatalogue(PublicCatalogue):
    name, title, icon = "platforms", "科创平台", "flask"
    intro = "经认定（备案）并在有效期内的各级科创平台。"
    columns = ("name", "kind", "level", "party__name", "region", "recognised_on", "recognised_by")
    search = ("name", "party__name")
    related = ("party", "region")
    order = ("kind", "-recognised_on", "pk")

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        found: QuerySet[Any] = Platform.objects.standing_on(on)
        return found
