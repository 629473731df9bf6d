"""What a password must be (等保: eight characters or more, three kinds, not one of the last three)."""

from __future__ import annotations

import string
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

_KINDS = {"大写字母": string.ascii_uppercase, "小写字母": string.ascii_lowercase, "数字": string.digits}


class Composition:
    """At least eight characters of at least three kinds."""

    help = "至少 8 个字符，大写字母、小写字母、数字、符号中至少三种"

    def validate(self, password: str, user: Any = None) -> None:
        kinds = sum(any(c in letters for c in password) for letters in _KINDS.values())
        kinds += any(c not in string.ascii_letters + string.digits for c in password)
        if len(password) < 8 or kinds < 3:
            raise ValidationError(f"密码太简单：{self.help}。", code="password_composition")

    def get_help_text(self) -> str:
        return self.help


class NotReused:
    """None of the last three passwords."""

    def validate(self, password: str, user: Any = None) -> None:
        past = [user.password, *user.past_passwords][:3] if user is not None and user.pk else []
        if any(check_password(password, old) for old in past if old):
            raise ValidationError("不能使用最近三次用过的密码。", code="password_reused")

    def get_help_text(self) -> str:
        return "不能与最近三次的密码相同"
