"""Addresses of the tracker, the split and the frozen months."""

from django.urls import path

from keji.modules.plan.views import months, records, split, target, track

urlpatterns = [
    path("", track.tracker, name="plan-tracker"),
    path("targets/<int:pk>", target.detail, name="plan-target"),
    path("targets/<int:pk>/records", records.records, name="plan-target-records"),
    path("targets/<int:pk>/progress", target.file, name="plan-target-progress"),
    path("progress/<int:pk>/confirm", target.confirm, name="plan-progress-confirm"),
    path("split", split.overview, name="plan-split"),
    path("split/<int:pk>", split.edit, name="plan-split-target"),
    path("split/<int:pk>/suggest", split.suggest, name="plan-split-suggest"),
    path("split/<int:pk>/propose", split.propose, name="plan-split-propose"),
    path("split/<int:pk>/issue", split.issue, name="plan-split-issue"),
    path("split/shares/<int:pk>/answer", split.answer, name="plan-share-answer"),
    path("split/shares/<int:pk>/<slug:step>", split.step, name="plan-share-step"),
    path("split/paper/draft", split.draft_paper, name="plan-split-paper-draft"),
    path("split/paper/issue", split.issue_paper, name="plan-split-paper-issue"),
    path("split/paper/<int:pk>.<slug:kind>", split.paper_file, name="plan-split-paper-file"),
    path("freeze", months.page_of_months, name="plan-freeze"),
]
