"""Addresses of the door for firms."""

from django.urls import path

from keji.modules.enterprises.portal import views

urlpatterns = [
    path("join", views.join, name="join"),
    path("claim", views.claim, name="claim"),
    path("invitations", views.invitations, name="invitations"),
    path("invitations/new", views.invite, name="invite"),
]
