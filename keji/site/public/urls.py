"""The addresses of the public pages; a proxy may publish /public/ and /static/ and nothing else."""

from __future__ import annotations

from django.urls import path

from keji.site.public import catalogues, home, notices, objecting, papers, reporting, verify

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
    path("verify", verify.page, name="public-verify"),
]
