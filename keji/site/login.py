"""Coming in: first administrator, password, second factor, one's own account."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from keji.desk.guard import actor_of, page, public
from keji.kernel import clock
from keji.kernel.audit.log import log, log_look, writing
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Role


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "用户名或密码不对。连续 5 次输错会锁定 30 分钟。",
        "inactive": "这个账号已停用，请联系安全管理员。",
    }


class SetupForm(forms.Form):
    username = forms.CharField(label="用户名", max_length=64, initial="admin")
    name = forms.CharField(label="姓名", max_length=60)
    password = forms.CharField(label="密码", widget=forms.PasswordInput, help_text="至少 8 位，含三种字符")
    again = forms.CharField(label="再输一遍", widget=forms.PasswordInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", "两次输入的密码不一样。")
        elif cleaned.get("password"):
            try:
                validate_password(cleaned["password"])
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


def safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


@never_cache
@public
def setup(request: HttpRequest) -> HttpResponse:
    """An empty house asks for its first administrator; afterwards this page is gone."""
    if Account.objects.exists():
        raise Http404("系统已经初始化。")
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        today = clock.today()
        with writing(Actor.system("初始化"), clock.now()):
            account = Account.objects.create_user(
                form.cleaned_data["username"],
                form.cleaned_data["password"],
                name=form.cleaned_data["name"],
                password_changed_on=today,
                created_at=clock.now(),
            )
            Grant.objects.create(account=account, role=Role.SECURITY_ADMIN, from_on=today)
            log("建立首个安全管理员", account)
        messages.success(request, "首个安全管理员已建立。请登录，然后在“账号”中建立其他人员并授权。")
        return redirect("login")
    return render(request, "site/setup.html", {"form": form, "page_title": "首次使用"})


@never_cache
@public
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and not request.session.get("second_factor_due"):
        return redirect("home")
    if not Account.objects.exists():
        return redirect("setup")
    form = LoginForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        account: Any = form.get_user()
        start_session(request, account)
        with writing(account.actor(clock.today()), clock.now()):
            log_look("登录", account)
        if TOTPDevice.objects.filter(user=account, confirmed=True).exists():
            request.session["second_factor_due"] = True
            request.session["next"] = safe_next(request)
            return redirect("login-second")
        return redirect(safe_next(request))
    context = {"form": form, "next": safe_next(request), "page_title": "登录", "demo": settings.DEMO}
    return render(request, "site/login.html", context, status=200)


@never_cache
@page()
def second(request: HttpRequest) -> HttpResponse:
    """The six digits from the phone."""
    if not request.session.get("second_factor_due"):
        return redirect("home")
    problem = ""
    if request.method == "POST":
        token = request.POST.get("token", "").strip()
        for device in TOTPDevice.objects.filter(user=request.user, confirmed=True):  # type: ignore[misc]
            allowed, _ = device.verify_is_allowed()
            if allowed and token.isdecimal() and device.verify_token(token):
                otp_login(request, device)
                request.session.pop("second_factor_due")
                return redirect(request.session.pop("next", "/"))
        problem = "动态口令不对，或者已经过期。请等手机上的下一个口令再试；连续输错要等待的时间会越来越长。"
    return render(request, "site/second.html", {"page_title": "动态口令", "problem": problem})


@page()
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end_session(request)
    messages.success(request, "已退出登录。")
    return redirect("login")


@page()
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here: roles, password age, second factor."""
    user: Any = request.user
    context = {
        "page_title": "账号与安全",
        "authorities": actor_of(request).authorities,
        "grants": user.grants.select_related("region", "party", "section"),
        "second_factor": TOTPDevice.objects.filter(user=user, confirmed=True).exists(),
    }
    return render(request, "site/account.html", context)


@page()
def password(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with writing(actor_of(request), clock.now()):
            form.save()
            user.must_change_password, user.password_changed_on = False, clock.today()
            user.save()
            log("修改密码", user)
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改。")
        return redirect("account")
    due = user.password_is_due(clock.today())
    return render(request, "site/password.html", {"page_title": "修改密码", "form": form, "due": due})


@page()
def totp(request: HttpRequest) -> HttpResponse:
    """Set up or take away the second factor; it counts from the first right code on."""
    user: Any = request.user
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first() or TOTPDevice(
        user=user, name="手机", confirmed=False
    )
    if request.method == "POST":
        token = request.POST.get("token", "").strip()
        if device.pk and token.isdecimal() and device.verify_token(token):
            with writing(actor_of(request), clock.now()):
                device.confirmed = True
                device.save()
                log("启用动态口令", user)
            otp_login(request, device)
            messages.success(request, "动态口令已启用，下次登录需要输入手机上的 6 位数字。")
            return redirect("account")
        messages.error(request, "口令不对，请核对手机时间后输入当前的 6 位数字。")
    if not device.pk:
        device.save()
    picture = segno.make(device.config_url).svg_inline(scale=5, border=2)
    context = {"page_title": "启用动态口令", "picture": mark_safe(picture), "secret": device.config_url}  # noqa: S308
    return render(request, "site/totp.html", context)


@page()
@require_POST
def totp_off(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.check_password(request.POST.get("password", "")):
        messages.error(request, "密码不对，没有停用动态口令。")
        return redirect("account")
    with writing(actor_of(request), clock.now()):
        TOTPDevice.objects.filter(user=user).delete()
        log("停用动态口令", user)
    messages.success(request, "动态口令已停用。")
    return redirect("account")
