"""Files on the parts of a case, and issued papers."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.platforms.files import views

urlpatterns: list[URLPattern] = [
    path("files/<int:pk>", views.show, name="platform-file"),
    path("files/<int:pk>/drop", views.drop, name="platform-file-drop"),
    path("papers/<int:pk>/<str:kind>", views.paper, name="platform-paper"),
]
