"""Addresses of the register of rights beside its desk."""

from django.urls import path

from keji.modules.enterprises.rights import views as rights_views

urlpatterns = [path("rights/<int:pk>/use", rights_views.use, name="right-use")]
