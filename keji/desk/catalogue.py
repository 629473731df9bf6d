"""An open catalogue: a list a module lays out for everybody, without log-in. No column of it is personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet

from keji.desk.cells import find_field, label_of
from keji.kernel.people.crypto import SealedField

#: Columns that name or reach a person; a catalogue that shows one is a mistake and raises at import.
PERSONAL = frozenset({"contact_name", "contact_phone", "phone", "email", "id_number", "reported_by", "created_by"})


class PublicCatalogue:
    """Declare one per list. The records are those open on a day; every column must be fit for everybody to read.

    @open_catalogue
    class HnteCatalogue(PublicCatalogue):
        name, title, icon = "hnte", "有效期内的高新技术企业", "certificate"
        intro = "…"
        columns = ("party__name", "certificate_code", "valid_until", "region")
        search = ("party__name", "certificate_code")
        records = staticmethod(lambda on: Certification.objects.filter(kind="hnte").valid_on(on))
    """

    name: ClassVar[str]  # its address: /public/catalogues/<name>
    title: ClassVar[str]
    columns: ClassVar[Sequence[str]]
    icon: ClassVar[str] = "table"
    intro: ClassVar[str] = ""  # what is in it, by which rule, and what is not
    search: ClassVar[Sequence[str]] = ()
    region: ClassVar[str] = "region"  # path to the county, "" where there is none
    related: ClassVar[Sequence[str]] = ()  # select_related
    order: ClassVar[Sequence[str]] = ("pk",)

    @staticmethod
    def records(on: date) -> QuerySet[Any]:
        """The records open on a day."""
        raise NotImplementedError

    @classmethod
    def labels(cls) -> list[str]:
        return [label_of(cls._model(), path) for path in cls.columns]

    @classmethod
    def rows(cls, on: date) -> QuerySet[Any]:
        """The open records of a day, ready to be listed."""
        found = cls.records(on).order_by(*cls.order)
        return found.select_related(*cls.related) if cls.related else found

    @classmethod
    def _model(cls) -> Any:
        return cls.records(date(2000, 1, 1)).model


_catalogues: dict[str, type[PublicCatalogue]] = {}


def open_catalogue(cls: type[PublicCatalogue]) -> type[PublicCatalogue]:
    """Lay a catalogue out. Raises TypeError when a name is taken or a column is personal data."""
    if cls.name in _catalogues and _catalogues[cls.name].__module__ != cls.__module__:
        raise TypeError(f"two catalogues are called {cls.name}")
    for path in cls.columns:
        last = path.split("__")[-1]
        if last in PERSONAL or isinstance(find_field(cls._model(), path), SealedField):
            raise TypeError(f"{cls.__name__}: {path} is personal data")
    cls.labels()  # a column without a label raises here, not on the page
    _catalogues[cls.name] = cls
    return cls


def catalogues() -> Mapping[str, type[PublicCatalogue]]:
    return _catalogues
