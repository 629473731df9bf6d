"""Addresses of the judging pages."""

from django.urls import path
from django.views.generic import RedirectView

from keji.desk.guard import page
from keji.modules.enterprises.verdicts import runs_views, views

urlpatterns = [
    path("<int:party>/rules", views.overview, name="rules"),
    path("<int:party>/rules/<slug:code>", views.verdict, name="rule-verdict"),
    path("<int:party>/rules/<slug:code>/keep", views.keep, name="rule-keep"),
    path("runs", runs_views.runs, name="assessment-runs"),
    path("runs/<int:pk>", runs_views.run, name="assessment-run"),
    path("runs/now", runs_views.judge_now, name="judge-now"),
    path("standing", runs_views.standing, name="assessment-standing"),
    path("rehearsal", runs_views.rehearsal, name="rule-rehearsal"),
    path("rehearsal/later", runs_views.rehearse_later, name="rule-rehearse-later"),
    path("rehearsal/<int:pk>", runs_views.rehearsal_result, name="rehearsal-result"),
    path("verdicts/<int:pk>", views.kept, name="rule-kept"),
    path("verdicts/<int:pk>.<slug:kind>", views.opinion_file, name="rule-opinion"),
    path(
        "<int:party>/tech-sme",
        page(*views.READERS)(RedirectView.as_view(url="/enterprises/%(party)s/rules/tech_sme", permanent=True)),
        name="tech-sme",
    ),
]
