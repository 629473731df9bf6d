"""A Desk: one record's pages, declared. It names fields, services and readers; it defines none and saves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.access import Access, readers, writers
from keji.kernel.records.flow import Flow


@dataclass(frozen=True)
class Panel:
    """A part of a detail page that a module draws itself: heading, template, and what fills it.

    A context of None leaves the part out: nothing to say, no heading. `first` stands before the facts: where it is now.
    """

    title: str
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]
    first: bool = False


class Desk:
    """Declare one per record. An attribute that is not listed here is a mistake and raises at import."""

    name: ClassVar[str]  # its address: /d/<name>/
    model: ClassVar[type[models.Model]]
    group: ClassVar[str] = ""  # heading in the menu; "" keeps it out of the menu
    icon: ClassVar[str] = "table"
    intro: ClassVar[str] = ""  # one sentence under the title
    columns: ClassVar[Sequence[str]] = ()
    search: ClassVar[Sequence[str]] = ()
    filters: ClassVar[Sequence[str] | Mapping[str, Sequence[str]]] = ()
    tones: ClassVar[Mapping[str, str]] = {}  # state → badge tone
    facts: ClassVar[Sequence[tuple[str, Sequence[str]]]] = ()  # (heading, fields) of the detail page
    panels: ClassVar[Sequence[Panel]] = ()
    form: ClassVar[type[Any] | None] = None
    create: ClassVar[Callable[..., Any] | None] = None  # (rows, *, actor, at, source) -> records
    update: ClassVar[Callable[..., Any] | None] = None  # (record, values, *, actor, at) -> record
    upload: ClassVar[bool] = False  # the form's fields make a sheet template that can be uploaded
    editable_in: ClassVar[Sequence[str]] = ()  # states in which a record may be edited; () means any
    bulk: ClassVar[Sequence[str]] = ()  # steps that can be taken on many rows at once
    related: ClassVar[Sequence[str]] = ()  # select_related of the list
    empty: ClassVar[str] = ""  # what to do when the list is empty
    attachments: ClassVar[bool] = True
    newest_first: ClassVar[bool] = True
    sealed: ClassVar[Sequence[str]] = ()  # personal data: masked until revealed, each look audited

    _known: ClassVar[frozenset[str]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        unknown = {n for n in vars(cls) if not n.startswith("_")} - Desk._known
        if unknown:
            raise TypeError(f"{cls.__name__}: a Desk has no {', '.join(sorted(unknown))}")

    @property
    def access(self) -> Access:
        access: Access = self.model.access  # type: ignore[attr-defined]
        return access

    @property
    def flow(self) -> Flow | None:
        return getattr(self.model, "flow", None)

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def noun(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def readers(self) -> frozenset[Role]:
        return readers(self.access)

    @property
    def writers(self) -> frozenset[Role]:
        return writers(self.access)

    def records(self, actor: Actor) -> QuerySet[Any]:
        """Everything of this kind the actor may read."""
        found = self.model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
        return found.select_related(*self.related) if self.related else found

    def listed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the list shows while nobody searches; a search looks through all records."""
        return rows

    def may_create(self, actor: Actor) -> bool:
        return self.create is not None and actor.has(*self.writers)

    def edit_refusal(self, actor: Actor, record: Any) -> str:
        if self.update is None:
            return "这类记录不能直接修改"
        if not actor.has(*self.writers) or not self.access.reaches(actor, self.access.write, record):
            return "您不能修改这条记录"
        if self.editable_in and record.state not in self.editable_in:
            return f"当前状态是“{record.get_state_display()}”，不能修改；需要修改时请先退回"
        return ""

    def url(self) -> str:
        return f"/d/{self.name}/"

    def record_url(self, record: Any) -> str:
        return f"/d/{self.name}/{record.pk}"


Desk._known = frozenset(n for n in (*vars(Desk), *Desk.__annotations__) if not n.startswith("_"))

_desks: dict[str, Desk] = {}


def register(cls: type[Desk]) -> type[Desk]:
    """Put a desk on the floor: its pages exist from now on."""
    if cls.name in _desks and type(_desks[cls.name]) is not cls:
        raise TypeError(f"two desks are called {cls.name}")
    _desks[cls.name] = cls()
    return cls


def desks() -> Mapping[str, Desk]:
    return _desks


def desk_of(model: type[models.Model]) -> Desk | None:
    return next((d for d in _desks.values() if d.model is model), None)
