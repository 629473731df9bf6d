"""What stands before every page: who is asking, may they, and what the browser may load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from keji.kernel import clock
from keji.kernel.audit.log import marks_read_once
from keji.kernel.people.models import Account

Answer = Callable[[HttpRequest], HttpResponse]

#: Everything comes from this house; charts and the map set sizes on elements, hence inline styles and no more.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    ]
)


class ContentSecurity:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response


class OneReading:
    """What a page counts is remembered under the marks as they stood when it was asked for."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with marks_read_once():
            return self.answer(request)


class LoginRequired:
    """Default is no: a page without a guard is closed, a guarded one asks who is there first."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        guard = getattr(view, "guard", "missing")
        if request.user.is_authenticated:
            request.actor = request.user.actor(clock.today())  # type: ignore[attr-defined]
        if guard is None:
            return None
        if not request.user.is_authenticated:
            if not Account.objects.exists():
                return redirect("setup")
            return redirect(f"{reverse('login')}?next={request.path}" if request.method == "GET" else reverse("login"))
        if guard == "missing":
            from django.core.exceptions import PermissionDenied

            raise PermissionDenied("这个页面没有声明供谁使用，因此不开放。")
        return self._unfinished(request)

    @staticmethod
    def _unfinished(request: HttpRequest) -> HttpResponse | None:
        """What must come first: the second factor, then a password of one's own."""
        user: Any = request.user
        here = request.resolver_match.url_name if request.resolver_match else ""
        if here in ("logout", "login-second"):
            return None
        if request.session.get("second_factor_due"):
            return redirect("login-second")
        if here != "account-password" and user.password_is_due(clock.today()):
            return redirect("account-password")
        return None
