from django.urls import path

from keji.modules.enterprises.firms import views

urlpatterns = [
    path("lapsing", views.lapsing, name="hnte-lapsing"),
    path("duplicates/<int:pk>", views.settle, name="settle-duplicate"),
]
