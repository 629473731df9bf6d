"""The pages of research integrity."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.integrity.views import acts, case, mine, overview

urlpatterns: list[URLPattern] = [
    path("", overview.overview, name="integrity-overview"),
    path("workers", overview.appoint, name="integrity-appoint"),
    path("reports", overview.enter_report, name="integrity-enter-report"),
    path("check", overview.check, name="integrity-check"),
    path("register", overview.register, name="integrity-register"),
    path("mine", mine.listing, name="integrity-mine"),
    path("mine/<int:pk>/appeal", mine.appeal, name="integrity-appeal"),
    path("mine/papers/<int:pk>.<slug:kind>", mine.paper, name="integrity-my-paper"),
    path("cases/", overview.listed, name="integrity-listed"),
    path("cases/<int:pk>", case.file, name="integrity-file"),
    path("cases/<int:pk>/evidence", case.add_file, name="integrity-evidence"),
    path("cases/<int:pk>/subjects", acts.add_subject, name="integrity-subject"),
    path("cases/<int:pk>/basis", acts.set_basis, name="integrity-basis"),
    path("cases/<int:pk>/members", acts.add_member, name="integrity-member"),
    path("cases/<int:pk>/recuse", acts.recuse, name="integrity-recuse"),
    path("cases/<int:pk>/observe", acts.observe, name="integrity-observe"),
    path("files/<int:pk>", case.get_file, name="integrity-get-file"),
    path("papers/<int:pk>.<slug:kind>", case.paper, name="integrity-paper"),
    path("reports/<int:pk>/reveal", case.reveal, name="integrity-reveal"),
    path("reports/<int:pk>/join", acts.join, name="integrity-join"),
    path("subjects/<int:pk>/finding", acts.save_finding, name="integrity-finding"),
    path("subjects/<int:pk>/sanctions", acts.add_sanction, name="integrity-sanction"),
    path("subjects/<int:pk>/serve", acts.serve, name="integrity-serve"),
    path("sanctions/<int:pk>/drop", acts.drop_sanction, name="integrity-drop-sanction"),
    path("sanctions/<int:pk>/done", acts.mark_done, name="integrity-done"),
    path("observations/<int:pk>/answer", acts.answer, name="integrity-answer"),
]
