"""评审会议: the secretary's pages under the batch, the expert's under the meeting."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.meetings.views import meeting, my_meeting

_ROOM = "batches/<int:pk>/meeting"
_MINE = "meetings/<int:pk>"

urlpatterns: list[URLPattern] = [
    path(_ROOM, meeting.show, name="batch-meeting"),
    path(f"{_ROOM}/call", meeting.call, name="batch-meeting-call"),
    path(f"{_ROOM}/agenda", meeting.agenda, name="batch-meeting-agenda"),
    path(f"{_ROOM}/attendees/<int:attendee>", meeting.attend, name="batch-meeting-attend"),
    path(f"{_ROOM}/sheets/<int:review>/type", meeting.type_sheet, name="batch-meeting-type"),
    path(f"{_ROOM}/sheets/<int:review>", meeting.paper_sheet, name="batch-meeting-sheet"),
    path(f"{_ROOM}/items/<int:item>/opinion", meeting.opinion, name="batch-meeting-opinion"),
    path(f"{_ROOM}/scans/<str:kind>/<int:key>", meeting.scan, name="batch-meeting-scan"),
    path(f"{_ROOM}/minutes", meeting.draw_up, name="batch-meeting-minutes"),
    path(f"{_ROOM}/minutes/signed", meeting.agree_on_paper, name="batch-meeting-signed"),
    path(_MINE, my_meeting.show, name="my-meeting"),
    path(f"{_MINE}/sign-in", my_meeting.sign_in, name="my-meeting-sign-in"),
    path(f"{_MINE}/vote", my_meeting.vote, name="my-meeting-vote"),
    path(f"{_MINE}/items/<int:item>/opinion", my_meeting.opinion, name="my-meeting-opinion"),
    path(f"{_MINE}/items/<int:item>/answer", my_meeting.answer, name="my-meeting-answer"),
    path(f"{_MINE}/agree", my_meeting.agree, name="my-meeting-agree"),
    path(f"{_MINE}/minutes.<str:kind>", meeting.minutes_file, name="meeting-minutes-file"),
]
