"""Every address of the house: the desks', the modules', and those only the whole knows."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from keji.site import login, notice_views, views
from keji.site.modules import MODULES
from keji.site.public import papers

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("setup", login.setup, name="setup"),
    path("login", login.login, name="login"),
    path("login/second", login.second, name="login-second"),
    path("logout", login.logout, name="logout"),
    path("account", login.account, name="account"),
    path("account/password", login.password, name="account-password"),
    path("account/totp", login.totp, name="account-totp"),
    path("account/totp/off", login.totp_off, name="account-totp-off"),
    path("todo", views.todo, name="todo"),
    path("search", views.search, name="search"),
    path("inbox", views.inbox, name="inbox"),
    path("inbox/<int:pk>", views.open_notice, name="notice"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:pk>", views.job, name="job"),
    path("jobs/<int:pk>/file", views.job_file, name="job-file"),
    path("indicators", views.indicators, name="indicators"),
    path("audit", views.audit, name="audit"),
    path("audit/verify", views.audit_verify, name="audit-verify"),
    path("notices/<int:pk>/correct", notice_views.correct, name="notice-correct"),
    path("open-papers", papers.manage, name="open-papers"),
    path("open-papers/<int:pk>", papers.switch, name="open-paper"),
    path("help", views.help_page, name="help"),
    path("public/", include("keji.site.public.urls")),
    path("", include("keji.desk.urls")),
    path("", include("keji.site.api.urls")),
]

for _name in MODULES:
    if find_spec(f"keji.modules.{_name}.urls"):
        urlpatterns.append(path(f"{_name}/", include(import_module(f"keji.modules.{_name}.urls"))))
