"""What everybody may look up of the enterprise registers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.desk.catalogue import PublicCatalogue, open_catalogue
from keji.modules.enterprises.models import Certification

Kind = Certification.Kind


def valid(kind: str, on: date) -> QuerySet[Any]:
    """Valid on the day; of a firm with two certificates only the newest, as the bureau counts."""
    found: QuerySet[Any] = Certification.objects.filter(kind=kind).valid_on(on).one_a_firm()
    return found


class Titles(PublicCatalogue):
    """Firms with one kind of title; the parts below say which."""

    columns = ("party__name", "party__uscc", "certificate_code", "issued_on", "valid_until", "region")
    search = ("party__name", "party__uscc", "certificate_code")
    related = ("party", "region")
    order = ("region__order", "-issued_on", "pk")


@open_catalogue
class HnteCatalogue(Titles):
    name, title, icon = "hnte", "高新技术企业", "certificate"
    intro = "证书在有效期内的高新技术企业；证书撤销或到期后不再列出。"

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return valid(Kind.HNTE, on)


@open_catalogue
class TechSmeCatalogue(Titles):
    name, title, icon = "tech-sme", "科技型中小企业", "award"
    intro = "本年度入库、登记编号有效的科技型中小企业；每年重新评价入库。"

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return valid(Kind.TECH_SME, on)


@open_catalogue
class SrdiCatalogue(Titles):
    name, title, icon = "srdi", "专精特新中小企业", "medal"
    intro = "有效期内的省级专精特新中小企业。"

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        return valid(Kind.SRDI, on)
