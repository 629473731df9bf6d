"""Review: the expert's pages, and what the officer does with a panel."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.reviews.views import allocating, drawing, review

urlpatterns: list[URLPattern] = [
    path("reviews", review.mine, name="my-reviews"),
    path("reviews/<int:pk>", review.sheet, name="my-review"),
    path("reviews/<int:pk>/files/<int:attachment>", review.sheet_file, name="my-review-file"),
    path("reviews/<int:pk>/recuse", review.recuse, name="my-review-recuse"),
    path("reviews/<int:pk>/explain", review.explain, name="review-explain"),
    path("reviews/<int:pk>/release", review.release, name="review-release"),
    path("batches/<int:pk>/assign", review.assign, name="batch-assign"),
    path("batches/<int:pk>/draw", drawing.ask, name="batch-draw"),
    path("batches/<int:pk>/take-over", drawing.take_over, name="batch-take-over"),
    path("batches/<int:pk>/allocate", allocating.show, name="batch-allocate"),
    path("batches/<int:pk>/allocate/adopt", allocating.adopt, name="batch-allocate-adopt"),
    path("batches/<int:pk>/allocate/swap", allocating.swap, name="batch-allocate-swap"),
    path("batches/<int:pk>/drop-panel", review.drop_panel, name="batch-drop-panel"),
    path("batches/<int:pk>/look", review.look, name="batch-look"),
    path("batches/<int:pk>/progress", review.progress, name="batch-progress"),
]
