"""Pages of one problem on the list, its bids, its contract; and a joint project's shares."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.challenges import views as challenge
from keji.modules.projects.reviews.views import drawing

urlpatterns: list[URLPattern] = [
    path("challenges/<int:pk>/argue", challenge.argue, name="challenge-argue"),
    path("challenges/<int:pk>/argue/draw", drawing.ask_to_argue, name="challenge-argue-draw"),
    path("challenges/<int:pk>/bid/<int:party>", challenge.start_bid, name="challenge-bid"),
    path("challenges/<int:pk>/scores", challenge.scores, name="challenge-scores"),
    path("challenges/<int:pk>/draw", drawing.ask_for_bids, name="challenge-draw"),
    path("challenges/<int:pk>/publicise", challenge.publicise, name="challenge-publicise"),
    path("challenges/<int:pk>/contract", challenge.contract, name="challenge-contract"),
    path("challenges/<int:pk>/contract.<str:kind>", challenge.contract_file, name="challenge-contract-file"),
    path("challenges/<int:pk>/sign", challenge.sign, name="challenge-sign"),
    path("challenges/<int:pk>/checks", challenge.checks, name="challenge-checks"),
    path("bids/<int:pk>/write", challenge.write_bid, name="bid-write"),
    path("bids/<int:pk>/upload", challenge.bid_upload, name="bid-upload"),
    path("bids/<int:pk>/files/<int:attachment>", challenge.bid_file, name="bid-file"),
    path("bids/<int:pk>/talk", challenge.talk, name="bid-talk"),
    path("bids/<int:pk>/view", challenge.firm_view, name="bid-firm-view"),
    path("bids/<int:pk>/choose", challenge.choose, name="bid-choose"),
    path("stages/<int:pk>/judge", challenge.judge_stage, name="stage-judge"),
    path("stages/<int:pk>/confirm", challenge.confirm_stage, name="stage-confirm"),
    path("stages/<int:pk>/paid", challenge.firm_pays, name="stage-paid"),
    path("projects/<int:pk>/shares", challenge.write_shares, name="project-shares-write"),
    path("shares/<int:pk>/agree", challenge.agree_share, name="share-agree"),
]
