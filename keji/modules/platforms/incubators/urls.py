from django.urls import path

from keji.modules.platforms.incubators import views

urlpatterns = [
    path("incubators", views.board, name="incubators"),
    path("incubators/tenants", views.tenants, name="incubator-tenants"),
    path("incubators/mine", views.mine, name="incubator-mine"),
    path("incubators/<int:pk>", views.house, name="incubator"),
    path("incubators/<int:pk>/roster", views.confirm_roster, name="incubator-roster"),
    path("graduates", views.graduates, name="graduates"),
]
