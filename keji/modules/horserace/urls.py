"""The pages of the horse race that no desk makes."""

from django.urls import path

from keji.modules.horserace.views import board, comparing, county, papers, rounds, runs, schemes, weights, years

urlpatterns = [
    path("", board.board, name="race-board"),
    path("mine", county.mine, name="race-mine"),
    path("mine/agree/<int:pk>", county.agree, name="race-agree"),
    path("runs/<int:pk>", board.run_page, name="race-run"),
    path("runs/<int:pk>/units/<slug:code>", runs.unit, name="race-unit"),
    path("runs/<int:pk>/indicators/<slug:code>", runs.indicator, name="race-indicator"),
    path("runs/<int:pk>/compare", comparing.compare, name="race-compare"),
    path("runs/<int:pk>/what-if", runs.whatif, name="race-whatif"),
    path("runs/<int:pk>/rehearsal", runs.rehearsal, name="race-rehearsal"),
    path("runs/<int:pk>/file.json", runs.file, name="race-file"),
    path("runs/<int:pk>/contributions.svg", runs.picture, name="race-picture"),
    path("runs/<int:pk>/paper", papers.new, name="race-paper-new"),
    path("runs/<int:pk>/appraisal", years.propose, name="race-appraise"),
    path("grades/<int:pk>", years.regrade, name="race-regrade"),
    path("rounds/<int:pk>/ask", rounds.ask, name="race-ask"),
    path("rounds/<int:pk>/figures/<int:figure>/correct", rounds.correct, name="race-figure-correct"),
    path("items/<int:pk>/check", rounds.check, name="race-item-check"),
    path("items/<int:pk>/uncheck", rounds.uncheck, name="race-item-uncheck"),
    path("questions/<int:pk>/answer", rounds.answer, name="race-answer"),
    path("schemes/start", schemes.start, name="race-scheme-start"),
    path("schemes/<int:pk>/edit", schemes.edit, name="race-scheme-edit"),
    path("schemes/<int:pk>/rehearse", schemes.rehearse, name="race-rehearse"),
    path("schemes/<int:pk>/weights", weights.weighing, name="race-scheme-weights"),
    path("schemes/<int:pk>/weights/ballot", weights.ballot, name="race-ballot"),
    path("schemes/<int:pk>/weights/ballot/drop", weights.drop_ballot, name="race-ballot-drop"),
    path("schemes/<int:pk>/weights/pairs", weights.pairs, name="race-pairs"),
    path("papers", papers.index, name="race-papers"),
    path("papers/<int:pk>", papers.show, name="race-paper"),
    path("papers/<int:pk>/edit", papers.edit, name="race-paper-edit"),
    path("papers/<int:pk>/review", papers.review, name="race-paper-review"),
    path("papers/<int:pk>/return", papers.send_back, name="race-paper-return"),
    path("papers/<int:pk>/issue", papers.issue, name="race-paper-issue"),
    path("papers/<int:pk>.<slug:kind>", papers.download, name="race-paper-file"),
]
