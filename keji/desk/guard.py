"""Default is no: a page that does not say who may open it is opened by nobody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest

from keji.kernel.people.roles import Actor, Role

if TYPE_CHECKING:
    from keji.desk.desk import Desk

View = TypeVar("View", bound=Callable[..., Any])


def page(*roles: Role) -> Callable[[View], View]:
    """This page is for these roles; without roles, for everybody who is logged in."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor = actor_of(request)
            if roles and not actor.has(*roles):
                wanted = "、".join(r.label for r in roles)
                raise PermissionDenied(f"这个页面供{wanted}使用，您的角色不包括在内。")
            return view(request, *args, **kwargs)

        guarded.guard = frozenset(roles)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def public(view: View) -> View:
    """This page is for everybody, without logging in."""
    view.guard = None  # type: ignore[attr-defined]
    return view


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking; the middleware put them there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def found_or_404(request: HttpRequest, desk: Desk, pk: str) -> Any:
    """The record, if the actor may see it; otherwise it does not exist for them."""
    try:
        record = desk.records(actor_of(request)).filter(pk=pk).first()
    except (ValueError, ValidationError):  # a key that this kind of record cannot have
        record = None
    if record is None:
        raise Http404(f"没有找到这条{desk.noun}，或者它不在您的查看范围内。")
    return record
