"""The pages of the expert pool."""

from django.urls import path

from keji.modules.experts.views import draws, health, mine, people, requests, running, witness

urlpatterns = [
    path("health", health.board, name="experts-health"),
    path("patterns", health.company, name="experts-patterns"),
    path("match", health.match, name="experts-match"),
    path("invitations", people.invitations, name="experts-invitations"),
    path("join", people.join, name="experts-join"),
    path("mine", mine.page_of_mine, name="experts-mine"),
    path("mine/confirm", mine.confirm, name="experts-confirm"),
    path("mine/ties", mine.declare, name="experts-declare"),
    path("mine/ties/<int:pk>/withdraw", mine.withdraw, name="experts-withdraw"),
    path("seats/<int:pk>/answer", mine.answer, name="experts-answer"),
    path("draws/new", requests.new, name="experts-draw-new"),
    path("draws/<int:pk>", draws.show, name="experts-draw"),
    path("draws/<int:pk>/pool", draws.pool, name="experts-draw-pool"),
    path("draws/<int:pk>/freeze", running.freeze, name="experts-draw-freeze"),
    path("draws/<int:pk>/freeze/live", running.freezing, name="experts-draw-freezing"),
    path("draws/<int:pk>/freeze/stop", running.stop, name="experts-draw-stop"),
    path("draws/<int:pk>/marks", running.marks, name="experts-draw-marks"),
    path("draws/<int:pk>/contacts", running.contacts, name="experts-draw-contacts"),
    path("draws/<int:pk>/record.<slug:kind>", running.record, name="experts-draw-record"),
    path("draws/<int:pk>/live", witness.live, name="experts-draw-live"),
    path("draws/<int:pk>/witness", witness.draw, name="experts-draw-witness"),
    path("draws/<int:pk>/observe", witness.note, name="experts-draw-observe"),
    path("draws/<int:pk>/check", witness.check, name="experts-draw-check"),
]
