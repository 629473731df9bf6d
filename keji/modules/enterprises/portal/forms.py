"""What a firm is asked at the door."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account
from keji.lib.codes import check_phone, check_uscc, clean_phone, clean_uscc


class AccountForm(forms.Form):
    """A name and a password by the house's rules."""

    name = forms.CharField(label="姓名", max_length=60)
    username = forms.CharField(
        label="用户名", max_length=30, min_length=4, help_text="4 至 30 位字母、数字、下划线，登录时用"
    )
    password = forms.CharField(
        label="密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 8 位，大写字母、小写字母、数字、符号中至少三种",
    )
    again = forms.CharField(label="再输一遍", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip()
        if not re.fullmatch(r"[A-Za-z0-9_]{4,30}", username):
            raise forms.ValidationError("用户名只能用字母、数字和下划线")
        if Account.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(f"用户名“{username}”已经有人使用，请换一个")
        return username

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password and password != cleaned.get("again"):
            self.add_error("again", "两次输入的密码不一样。")
        elif password:
            try:
                like = Account(username=cleaned.get("username", ""), name=cleaned.get("name", ""))
                validate_password(password, like)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


class JoinForm(AccountForm):
    code = forms.CharField(label="邀请码", max_length=40, help_text="县区科技局发给您的 12 位字母和数字，不分大小写")
    field_order = ("code", "name", "username", "password", "again")


class ClaimForm(AccountForm):
    uscc = forms.CharField(label="统一社会信用代码", max_length=40)
    party_name = forms.CharField(label="单位名称", max_length=120, help_text="与营业执照一致")
    position = forms.CharField(label="职务", max_length=60, required=False)
    phone = forms.CharField(label="联系电话", max_length=40, help_text="县区科技局会打这个电话核对")
    field_order = ("uscc", "party_name", "name", "position", "phone", "username", "password", "again")

    def clean_uscc(self) -> str:
        code = clean_uscc(self.cleaned_data["uscc"])
        if problem := check_uscc(code):
            raise forms.ValidationError(problem)
        return code

    def clean_phone(self) -> str:
        phone = clean_phone(self.cleaned_data["phone"])
        if problem := check_phone(phone):
            raise forms.ValidationError(problem)
        return phone

    def party(self) -> Party | None:
        """The firm on file with this code and this name; both must fit, so that a code alone opens nothing."""
        from keji.modules.enterprises.firms.duplicates import normal_name

        found = Party.objects.filter(uscc=self.cleaned_data["uscc"], kind=Party.Kind.ENTERPRISE).first()
        found = found.merged_into or found if found else None
        if found is None:
            return None
        names = {normal_name(found.name), *(normal_name(n.name) for n in found.names.all())}
        return found if normal_name(self.cleaned_data["party_name"]) in names else None
