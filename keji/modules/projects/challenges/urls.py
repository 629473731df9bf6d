"""Pages of one problem on the list, its bids, its contract."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.challenges import views
from keji.modules.projects.reviews.views import drawing

urlpatterns: list[URLPattern] = [
    path("challenges/<int:pk>/argue", views.argue, name="challenge-argue"),
    path("challenges/<int:pk>/argue/draw", drawing.ask_to_argue, name="challenge-argue-draw"),
    path("challenges/<int:pk>/bid/<int:party>", views.start_bid, name="challenge-bid"),
    path("challenges/<int:pk>/scores", views.scores, name="challenge-scores"),
    path("challenges/<int:pk>/draw", drawing.ask_for_bids, name="challenge-draw"),
    path("challenges/<int:pk>/publicise", views.publicise, name="challenge-publicise"),
    path("challenges/<int:pk>/contract", views.contract, name="challenge-contract"),
    path("challenges/<int:pk>/contract.<str:kind>", views.contract_file, name="challenge-contract-file"),
    path("challenges/<int:pk>/sign", views.sign, name="challenge-sign"),
    path("challenges/<int:pk>/checks", views.checks, name="challenge-checks"),
    path("bids/<int:pk>/write", views.write_bid, name="bid-write"),
    path("bids/<int:pk>/upload", views.bid_upload, name="bid-upload"),
    path("bids/<int:pk>/files/<int:attachment>", views.bid_file, name="bid-file"),
    path("bids/<int:pk>/talk", views.talk, name="bid-talk"),
    path("bids/<int:pk>/view", views.firm_view, name="bid-firm-view"),
    path("bids/<int:pk>/choose", views.choose, name="bid-choose"),
    path("stages/<int:pk>/judge", views.judge_stage, name="stage-judge"),
    path("stages/<int:pk>/confirm", views.confirm_stage, name="stage-confirm"),
    path("stages/<int:pk>/paid", views.firm_pays, name="stage-paid"),
]
