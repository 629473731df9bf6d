"""What a form says of bad input, in words for the person who typed it: what is wrong, what to write instead."""

from __future__ import annotations

from django import forms
from django.core import validators

#: field class → its words; a form's own `error_messages` still win
WORDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "没有填写，请补上"},
    forms.BooleanField: {"required": "请勾选"},
    forms.ChoiceField: {"required": "请选择", "invalid_choice": "没有“%(value)s”这一项，请从列表中选择"},
    forms.MultipleChoiceField: {"required": "请至少选一项", "invalid_choice": "没有“%(value)s”这一项，请从列表中选择"},
    forms.ModelChoiceField: {"required": "请选择", "invalid_choice": "列表里没有这一项，可能刚刚有变动，请重新选择"},
    forms.IntegerField: {"invalid": "请填整数"},
    forms.DecimalField: {"invalid": "请填数字"},
    forms.DateField: {"invalid": "日期看不明白，请按年、月、日填写，如 2024-12-31"},
    forms.FileField: {"required": "请选择文件", "empty": "这是一个空文件，请检查后重新选择"},
}
LIMITS: dict[type[validators.BaseValidator], str] = {
    validators.MinValueValidator: "不能小于 %(limit_value)s",
    validators.MaxValueValidator: "不能大于 %(limit_value)s",
    validators.MinLengthValidator: "至少 %(limit_value)d 字，现有 %(show_value)d 字",
    validators.MaxLengthValidator: "最多 %(limit_value)d 字，现有 %(show_value)d 字，请缩短",
}
DECIMALS = {
    "invalid": "请填数字",
    "max_digits": "数字太长，最多 %(max)s 位",
    "max_decimal_places": "小数最多 %(max)s 位",
    "max_whole_digits": "数字太大，整数部分最多 %(max)s 位",
}


def speak_plainly() -> None:
    """Put these words in place of the framework's; before any form is made."""
    for field, words in WORDS.items():
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **words}
    for limit, sentence in LIMITS.items():
        limit.message = sentence
    validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **DECIMALS}
    validators.ProhibitNullCharactersValidator.message = "有不能保存的字符，请删去后重填"
