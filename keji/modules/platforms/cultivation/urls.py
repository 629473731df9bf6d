"""Small acts on a cultivation."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.platforms.cultivation import views

urlpatterns: list[URLPattern] = [
    path("cultivation/<int:pk>/steps", views.add_step, name="cultivation-step"),
    path("cultivation/steps/<int:pk>/done", views.finish_step, name="cultivation-step-done"),
    path("cultivation/steps/<int:pk>/drop", views.drop_step, name="cultivation-step-drop"),
    path("cultivation/<int:pk>/visits", views.add_visit, name="cultivation-visit"),
]
