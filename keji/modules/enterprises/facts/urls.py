"""Addresses of a firm's file and of the work on many files."""

from django.urls import path

from keji.modules.enterprises.facts import desk_views as desk
from keji.modules.enterprises.facts import import_views as sheets
from keji.modules.enterprises.facts import views

urlpatterns = [
    path("facts/mine", views.mine, name="facts-mine"),
    path("facts/conflicts", desk.conflicts, name="facts-conflicts"),
    path("facts/conflicts/settle", desk.decide, name="facts-settle"),
    path("facts/unchecked", desk.unchecked, name="facts-unchecked"),
    path("facts/import", sheets.upload, name="facts-import"),
    path("facts/import/template", sheets.template, name="facts-template"),
    path("facts/export", sheets.export, name="facts-export"),
    path("filings/<int:pk>/files/<int:attachment>", views.filing_file, name="filing-file"),
    path("<int:party>/facts", views.file, name="facts-file"),
    path("<int:party>/facts/form", views.form, name="facts-form"),
    path("<int:party>/facts/confirm", views.confirm_file, name="facts-confirm"),
    path("<int:party>/facts/<int:pk>/withdraw", views.take_back, name="facts-withdraw"),
    path("<int:party>/facts/<slug:name>", views.history, name="facts-history"),
]
