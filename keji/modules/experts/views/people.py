"""Inviting experts, and the door by which they register themselves."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth.password_validation import validate_password
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from keji.desk.forms import RecordForm
from keji.desk.guard import actor_of, page, public
from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.modules.experts.forms import ExpertForm, PersonFields
from keji.modules.experts.models import ExpertInvitation
from keji.modules.experts.services import own
from keji.modules.experts.views.common import heads

HIDDEN_INPUT = {"autocomplete": "new-password"}


class InviteForm(forms.Form):
    names = forms.CharField(
        label="受邀专家姓名",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="每行一个，最多 200 人",
    )


class JoinForm(RecordForm, PersonFields):
    """The own registration: an account of one's own and what the bureau asks of every expert."""

    fieldsets = (
        ("邀请码和账号", ("code", "username", "password", "again")),
        *ExpertForm.fieldsets[:3],
        ("其他", ("degree", "school", "roles_elsewhere", "agree")),
    )
    code = forms.CharField(label="邀请码", max_length=40, help_text="科技局发给您的 12 位字母和数字，不分大小写")
    username = forms.CharField(label="用户名", max_length=30, help_text="4 至 30 位字母、数字、下划线，登录时用")
    password = forms.CharField(
        label="密码",
        widget=forms.PasswordInput(attrs=HIDDEN_INPUT),
        help_text="至少 8 位，大写字母、小写字母、数字、符号中至少三种",
    )
    again = forms.CharField(label="再输一遍", widget=forms.PasswordInput(attrs=HIDDEN_INPUT))
    agree = forms.BooleanField(label="我同意遵守评审专家守则：客观独立、严守秘密、主动申报应回避的情形")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip()
        if not re.fullmatch(r"[A-Za-z0-9_]{4,30}", username):
            raise forms.ValidationError("用户名为 4 至 30 位字母、数字和下划线")
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        password = cleaned.get("password")
        if password and password != cleaned.get("again"):
            self.add_error("again", "两次输入的密码不一样。")
        elif password:
            try:
                validate_password(password, Account(username=cleaned.get("username", "")))
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return self.tidy(cleaned)

    def expert_values(self) -> dict[str, Any]:
        """What goes to the register."""
        return {
            k: v for k, v in self.cleaned_data.items() if k not in ("code", "username", "password", "again", "agree")
        }


@page(Role.OFFICER, Role.INSPECTOR)
def invitations(request: HttpRequest) -> HttpResponse:
    """Codes handed out; new ones are shown once."""
    actor, today = actor_of(request), clock.today()
    form = InviteForm(request.POST or None)
    made: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = own.invite(form.cleaned_data["names"].splitlines(), actor=actor, at=clock.now())
            form = InviteForm()
        except Refused as why:
            form.add_error("names", f"{why}。")
    rows = Paginator(ExpertInvitation.objects.visible_to(actor).select_related("expert"), 25)
    found = rows.get_page(request.GET.get("page"))
    context = {
        "form": form if actor.has(Role.OFFICER) else None,
        "made": made,
        "address": request.build_absolute_uri(reverse("experts-join")),
        "columns": heads("受邀人", "发出", "有效期至", "情况"),
        "rows": [
            {
                "url": f"/d/experts/{i.expert_id}" if i.expert_id else "",
                "cells": [
                    {"value": i.name},
                    {"value": i.made_at, "sub": i.made_by},
                    {"value": i.expires_on},
                    {"value": "已登记", "badge": "green"}
                    if i.used_at
                    else {"value": "已过期", "badge": "plain"}
                    if i.expires_on < today
                    else {"value": "未使用", "badge": "amber"},
                ],
            }
            for i in found
        ],
        "page": found,
        "page_title": "邀请专家登记",
        "crumbs": [("评审专家", "/d/experts/"), ("邀请专家登记", "")],
    }
    return render(request, "experts/invitations.html", context)


@never_cache
@public
@sensitive_post_parameters("password", "again", "code", "id_number", "bank_card")
def join(request: HttpRequest) -> HttpResponse:
    """Register with a code; the bureau then looks whether the entry rules are kept."""
    if request.user.is_authenticated:
        return redirect("home")
    system = Actor.system("专家本人登记")
    form = JoinForm(request.POST or None, actor=system, initial={"code": request.GET.get("code", "")[:40]})
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            if own.invitation_for(form.cleaned_data["code"], clock.today()) is None:
                raise Refused("邀请码不对、已经用过或已过期，请向科技局核对")
            made = own.join(
                form.cleaned_data["code"],
                form.expert_values(),
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                at=now,
            )
        except Refused as why:
            form.add_error(None, f"没有登记：{why}。")
        else:
            account = made.person.account
            assert account is not None, "join gives one"
            start_session(request, account, backend="django.contrib.auth.backends.ModelBackend")
            with writing(account.actor(clock.today()), now):
                log("登录", account)
            messages.success(request, "已登记，科技局审核后入库。请申报应回避的关系。")
            return redirect("experts-mine")
    context = {
        "form": form,
        "fieldsets": [
            {"title": h, "fields": [form[n] for n in names if n in form.fields]} for h, names in form.fieldsets
        ],
        "page_title": "评审专家登记",
    }
    return render(request, "experts/join.html", context, status=422 if form.is_bound and form.errors else 200)
