"""Addresses of the judging pages."""

from django.urls import path
from django.views.generic import RedirectView

from keji.desk.guard import page
from keji.modules.enterprises import rules_views as views

urlpatterns = [
    path("<int:party>/rules", views.overview, name="rules"),
    path("<int:party>/rules/<slug:code>", views.verdict, name="rule-verdict"),
    path("<int:party>/rules/<slug:code>/keep", views.keep, name="rule-keep"),
    path("verdicts/<int:pk>", views.kept, name="rule-kept"),
    path("verdicts/<int:pk>.<slug:kind>", views.opinion_file, name="rule-opinion"),
    path(
        "<int:party>/tech-sme",
        page(*views.READERS)(RedirectView.as_view(url="/enterprises/%(party)s/rules/tech_sme", permanent=True)),
        name="tech-sme",
    ),
]
