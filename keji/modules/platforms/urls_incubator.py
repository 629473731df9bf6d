from django.urls import path

from keji.modules.platforms.views import incubators

urlpatterns = [
    path("incubators", incubators.board, name="incubators"),
    path("incubators/tenants", incubators.tenants, name="incubator-tenants"),
    path("incubators/mine", incubators.mine, name="incubator-mine"),
    path("incubators/<int:pk>", incubators.house, name="incubator"),
    path("incubators/<int:pk>/roster", incubators.confirm_roster, name="incubator-roster"),
    path("graduates", incubators.graduates, name="graduates"),
]
