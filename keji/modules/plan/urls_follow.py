"""Follow-ups and bulletins."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.plan.views import bulletins, follow

urlpatterns: list[URLPattern] = [
    path("follow", follow.board, name="follow-board"),
    path("follow/start/<int:plan>", follow.start, name="follow-start"),
    path("follow/urge", follow.urge, name="follow-urge"),
    path("follow/<int:pk>/note", follow.note, name="follow-note"),
    path("bulletins", bulletins.index, name="bulletins"),
    path("bulletins/new", bulletins.new, name="bulletin-new"),
    path("bulletins/<int:pk>", bulletins.show, name="bulletin"),
    path("bulletins/<int:pk>/edit", bulletins.edit, name="bulletin-edit"),
    path("bulletins/<int:pk>/review", bulletins.review, name="bulletin-review"),
    path("bulletins/<int:pk>/return", bulletins.send_back, name="bulletin-return"),
    path("bulletins/<int:pk>/issue", bulletins.issue, name="bulletin-issue"),
    path("bulletins/<int:pk>/correct", bulletins.correct, name="bulletin-correct"),
    path("bulletins/<int:pk>/<str:kind>", bulletins.download, name="bulletin-file"),
]
