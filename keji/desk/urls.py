"""The addresses every desk has. One guard stands before all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

from keji.desk import links, lists, pages, uploads
from keji.desk.desk import desks
from keji.desk.guard import actor_of, page


def at_desk(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Find the desk, and let in only roles that read its records."""

    @page()
    def guarded(request: HttpRequest, desk: str, **kwargs: Any) -> HttpResponseBase:
        found = desks().get(desk)
        if found is None:
            raise Http404("没有这个页面。")
        if not actor_of(request).has(*found.readers):
            raise PermissionDenied(f"您的角色不能查看{found.title}。")
        return view(request, found, **kwargs)

    return guarded


urlpatterns = [
    path("r/<str:number>", page()(pages.by_number), name="record"),
    path("d/<slug:desk>/", at_desk(lists.show), name="desk-list"),
    path("d/<slug:desk>/new", at_desk(pages.new), name="desk-new"),
    path("d/<slug:desk>/bulk", at_desk(lists.bulk), name="desk-bulk"),
    path("d/<slug:desk>/views", at_desk(lists.save_view), name="desk-views"),
    path("d/<slug:desk>/template", at_desk(uploads.template), name="desk-template"),
    path("d/<slug:desk>/upload", at_desk(uploads.upload), name="desk-upload"),
    path("d/<slug:desk>/export", at_desk(uploads.export), name="desk-export"),
    path("d/<slug:desk>/<str:pk>", at_desk(pages.detail), name="desk-detail"),
    path("d/<slug:desk>/<str:pk>/edit", at_desk(pages.edit), name="desk-edit"),
    path("d/<slug:desk>/<str:pk>/step/<slug:name>", at_desk(pages.step), name="desk-step"),
    path("d/<slug:desk>/<str:pk>/files", at_desk(pages.add_file), name="desk-attach"),
    path("d/<slug:desk>/<str:pk>/files/<int:attachment>", at_desk(pages.get_file), name="desk-file"),
    path("d/<slug:desk>/<str:pk>/files/<int:attachment>/drop", at_desk(pages.drop_file), name="desk-drop-file"),
    path("d/<slug:desk>/<str:pk>/links", at_desk(links.add), name="desk-link"),
    path("d/<slug:desk>/<str:pk>/links/<int:row>/drop", at_desk(links.drop), name="desk-unlink"),
    path("d/<slug:desk>/<str:pk>/reveal", at_desk(pages.reveal), name="desk-reveal"),
]
