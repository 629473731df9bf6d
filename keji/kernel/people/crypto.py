"""Personal data at rest: AES-256-GCM under the house's field key, and a keyed digest to look a value up by."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_PREFIX = "1:"  # which way of sealing; a later one gets the next number and old rows stay readable


def _key() -> bytes:
    return hashlib.sha256(settings.FIELD_KEY.encode()).digest()


def seal(plain: str) -> str:
    """`plain` as text that tells nothing without the key; "" stays ""."""
    if not plain:
        return ""
    nonce = os.urandom(12)
    return _PREFIX + base64.b64encode(nonce + AESGCM(_key()).encrypt(nonce, plain.encode(), None)).decode()


def unseal(sealed: str) -> str:
    """What `seal` hid. Raises ValueError when the key is not the one it was sealed with."""
    if not sealed:
        return ""
    if not sealed.startswith(_PREFIX):
        raise ValueError("这段加密数据不是本系统的格式")
    raw = base64.b64decode(sealed[len(_PREFIX) :])
    try:
        return AESGCM(_key()).decrypt(raw[:12], raw[12:], None).decode()
    except InvalidTag:
        raise ValueError("字段密钥与数据不符，请恢复与本数据库配套的 field.key") from None


def fingerprint(plain: str) -> str:
    """A keyed digest: equal values meet, the value itself cannot be guessed by trying all phones."""
    return hmac.new(_key(), plain.encode(), hashlib.sha256).hexdigest() if plain else ""


class SealedField(models.TextField):
    """Text that is sealed in the database and plain in Python. Never search or sort by it."""

    description = "加密文本"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else seal(value)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return value if value is None else unseal(value)
