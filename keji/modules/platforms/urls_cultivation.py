"""Small acts on a cultivation."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.platforms.views import cultivation

urlpatterns: list[URLPattern] = [
    path("cultivation/<int:pk>/steps", cultivation.add_step, name="cultivation-step"),
    path("cultivation/steps/<int:pk>/done", cultivation.finish_step, name="cultivation-step-done"),
    path("cultivation/steps/<int:pk>/drop", cultivation.drop_step, name="cultivation-step-drop"),
    path("cultivation/<int:pk>/visits", cultivation.add_visit, name="cultivation-visit"),
]
