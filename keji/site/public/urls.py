"""The addresses of the public pages; a proxy may publish /public/ and /static/ and nothing else."""

from __future__ import annotations

from django.urls import path

from keji.site.public import catalogues, draws, home, notices, objecting, papers, race, reporting, verify

urlpatterns = [
    path("", home.home, name="public"),
    path("notices/", notices.listing, name="public-notices"),
    path("notices/<str:number>", notices.page, name="public-notice"),
    path("notices/<str:number>/table.<slug:kind>", notices.table, name="public-table"),
    path("notices/<str:number>/content.json", notices.content, name="public-content"),
    path("notices/<str:number>/files/<str:digest>", notices.file, name="public-file"),
    path("notices/<str:number>/object", objecting.new, name="public-object"),
    path("objections", objecting.check, name="public-check"),
    path("report", reporting.new, name="public-report"),
    path("report/check", reporting.check, name="public-report-check"),
    path("catalogues/", catalogues.listing, name="public-catalogues"),
    path("catalogues/<slug:name>", catalogues.page, name="public-catalogue"),
    path("catalogues/<slug:name>/table.<slug:kind>", catalogues.sheet, name="public-sheet"),
    path("papers/", papers.listing, name="public-papers"),
    path("papers/<int:pk>.<slug:kind>", papers.file, name="public-paper"),
    path("race/", race.listing, name="public-race"),
    path("race/<str:number>.json", race.file, name="public-race-file"),
    path("draws/", draws.listing, name="public-draws"),
    path("draws/verify_draw.py", draws.script, name="public-draw-script"),
    path("draws/<str:number>", draws.page, name="public-draw"),
    path("draws/<str:number>/frozen.json", draws.frozen, name="public-draw-frozen"),
    path("draws/<str:number>/outcome.json", draws.outcome, name="public-draw-outcome"),
    path("verify", verify.page, name="public-verify"),
]
