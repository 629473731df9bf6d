"""Addresses of the burden pages."""

from django.urls import path

from keji.modules.enterprises.burden import views

urlpatterns = [
    path("burden", views.overview, name="burden"),
    path("<int:party>/burden", views.of_firm, name="burden-firm"),
]
