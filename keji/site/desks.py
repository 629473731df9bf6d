"""The administrators' desks: accounts, grants, delegations, sections, regions, calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models

from keji.desk.desk import Desk, register
from keji.desk.fields import DATE
from keji.desk.forms import RecordForm
from keji.kernel.audit.log import log, writing
from keji.kernel.calendar.models import DayRule
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.models import Account, Delegation, Grant, Section
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.models import changed_fields


class ModelRecordForm(RecordForm):
    """A form whose fields are columns of `model`; the model's own `clean` has the last word."""

    model: type[models.Model]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = self.model._meta.pk.name
        if self.record is not None and key in self.fields:
            self.fields[key].disabled = True  # a code others refer to is not renamed but replaced

    @classmethod
    def values(cls, record: Any) -> dict[str, Any]:
        return {name: getattr(record, name) for name in cls.base_fields if hasattr(record, name)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            columns = {f.name for f in self.model._meta.concrete_fields}
            trial = self.model(**{k: v for k, v in cleaned.items() if k in columns})
            if self.record:
                trial.pk, trial._state.adding = self.record.pk, False
            try:
                trial.clean()
                if not self.by_row:  # a sheet asks the database once for all rows, in check_many
                    trial.validate_unique()
                    trial.validate_constraints()
            except ValidationError as problem:
                self.add_error(None, problem)
        return cleaned


def creating(model: type[models.Model]) -> Any:
    def create(rows: Sequence[dict[str, Any]], *, actor: Actor, at: datetime, source: str) -> list[Any]:
        made = []
        with writing(actor, at):
            for row in rows:
                record = model._default_manager.create(**row)
                log(f"新建{model._meta.verbose_name}", record, {k: [None, v] for k, v in row.items()})
                made.append(record)
        return made

    return staticmethod(create)


def updating(model: type[models.Model]) -> Any:
    def update(record: Any, values: dict[str, Any], *, actor: Actor, at: datetime) -> Any:
        with writing(actor, at):
            before = model._default_manager.get(pk=record.pk)
            for name, value in values.items():
                setattr(record, name, value)
            record.save()
            log(f"修改{model._meta.verbose_name}", record, changed_fields(before, record, list(values)))
        return record

    return staticmethod(update)


class AccountForm(ModelRecordForm):
    model = Account
    username = forms.CharField(label="用户名", max_length=64)
    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(label="手机号", max_length=20, required=False)
    is_active = forms.BooleanField(label="启用", required=False, initial=True)
    new_password = forms.CharField(
        label="初始（重置）密码",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="新建时必填；首次登录须修改。修改账号时留空表示不重置。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.record and not cleaned.get("new_password"):
            self.add_error("new_password", "请设置初始密码。")
        if cleaned.get("new_password"):
            try:
                validate_password(cleaned["new_password"])
            except ValidationError as problem:
                self.add_error("new_password", problem)
        same = Account.objects.filter(username=cleaned.get("username"))
        if same.exclude(pk=self.record.pk if self.record else None).exists():
            self.add_error("username", "这个用户名已被使用，请换一个。")
        return cleaned


def create_accounts(rows: Sequence[dict[str, Any]], *, actor: Actor, at: datetime, source: str) -> list[Account]:
    made = []
    with writing(actor, at):
        for row in rows:
            values = {k: row[k] for k in ("name", "phone", "is_active")}
            account = Account.objects.create_user(
                row["username"], row["new_password"], must_change_password=True, created_at=at, **values
            )
            log("新建账号", account)
            made.append(account)
    return made


def update_account(record: Account, values: dict[str, Any], *, actor: Actor, at: datetime) -> Account:
    values = dict(values)
    password = values.pop("new_password", "")
    with writing(actor, at):
        before = Account.objects.get(pk=record.pk)
        for name, value in values.items():
            setattr(record, name, value)
        if password:
            record.set_password(password)
            record.must_change_password = True
            log("重置密码", record)
        record.save()
        changes = changed_fields(before, record, ["username", "name", "is_active"])
        if before.phone != record.phone:
            changes["phone"] = ["（已隐去）", "（已隐去）"]
        if changes:
            log("修改账号", record, changes)
    return record


@register
class AccountDesk(Desk):
    name, model, group, icon = "accounts", Account, "安全", "users"
    intro = "人员调离时停用账号，不要转给他人使用。"
    columns = ("username", "name", "is_active", "password_changed_on")
    search = ("username", "name")
    filters = ("is_active",)
    facts = (("账号", ("username", "name", "is_active", "must_change_password", "password_changed_on", "created_at")),)
    form, create, update = AccountForm, staticmethod(create_accounts), staticmethod(update_account)
    attachments = False
    sealed = ("phone",)


class GrantForm(ModelRecordForm):
    model = Grant
    account = forms.ModelChoiceField(Account.objects.all(), label="账号")
    role = forms.ChoiceField(label="角色", choices=Role.choices)
    region = forms.ModelChoiceField(Region.objects.all(), label="县区", required=False, help_text="县区科技局必填")
    party = forms.CharField(
        label="单位（统一社会信用代码）", required=False, max_length=18, help_text="企业、高校院所、金融机构必填"
    )
    section = forms.ModelChoiceField(Section.objects.all(), label="科室", required=False)
    from_on = forms.DateField(label="自", widget=DATE)
    until_on = forms.DateField(label="至", widget=DATE, required=False, help_text="留空表示长期有效")

    @classmethod
    def values(cls, record: Any) -> dict[str, Any]:
        return super().values(record) | {"party": record.party.uscc if record.party else ""}

    def clean_party(self) -> Party | None:
        code = self.cleaned_data["party"].strip().upper()
        party = Party.objects.filter(uscc=code).first() if code else None
        if code and party is None:
            raise ValidationError(f"没有代码为 {code} 的单位。")
        return party


@register
class GrantDesk(Desk):
    name, model, group, icon = "grants", Grant, "安全", "key"
    intro = "谁在什么时间、对哪个县区或单位担任什么角色。收回授权时填写截止日期。"
    columns = ("account", "role", "region", "party", "section", "from_on", "until_on")
    search = ("account__username", "account__name", "party__name")
    filters = ("role", "region")
    form, create, update = GrantForm, creating(Grant), updating(Grant)
    related = ("account", "region", "party", "section")
    attachments = False


class DelegationForm(ModelRecordForm):
    model = Delegation
    lender = forms.ModelChoiceField(Account.objects.all(), label="委托人")
    to = forms.ModelChoiceField(Account.objects.all(), label="受托人")
    from_on = forms.DateField(label="自", widget=DATE)
    until_on = forms.DateField(label="至", widget=DATE)
    reason = forms.CharField(label="事由", max_length=200)


@register
class DelegationDesk(Desk):
    name, model, group, icon = "delegations", Delegation, "安全", "user-check"
    intro = "出差、休假期间，把自己的办理权限在一段时间内委托给同事；办理记录会写明代谁办理。"
    columns = ("lender", "to", "from_on", "until_on", "reason")
    search = ("lender__name", "to__name")
    form, create, update = DelegationForm, creating(Delegation), updating(Delegation)
    related = ("lender", "to")
    attachments = False


class SectionForm(ModelRecordForm):
    model = Section
    code = forms.SlugField(label="代码", max_length=32)
    name = forms.CharField(label="科室名称", max_length=60)
    order = forms.IntegerField(label="排序", min_value=0, max_value=999, initial=0)


@register
class SectionDesk(Desk):
    name, model, group, icon = "sections", Section, "系统", "sitemap"
    columns = ("code", "name", "order")
    form, create, update = SectionForm, creating(Section), updating(Section)
    attachments, newest_first = False, False


class RegionForm(ModelRecordForm):
    model = Region
    code = forms.CharField(label="代码", max_length=20, help_text="县区填六位行政区划代码；开发区没有六位代码，自定")
    parent = forms.ModelChoiceField(Region.objects.all(), label="上级", required=False)
    level = forms.ChoiceField(label="层级", choices=Region.Level.choices)
    name = forms.CharField(label="名称", max_length=60)
    short_name = forms.CharField(label="简称", max_length=20)
    order = forms.IntegerField(label="排序", min_value=0, max_value=999, initial=0)


@register
class RegionDesk(Desk):
    name, model, group, icon = "regions", Region, "系统", "map-2"
    columns = ("code", "name", "short_name", "level", "order")
    form, create, update = RegionForm, creating(Region), updating(Region)
    attachments, newest_first = False, False


class DayRuleForm(ModelRecordForm):
    model = DayRule
    key = ("day",)
    day = forms.DateField(label="日期", widget=DATE)
    working = forms.BooleanField(label="上班", required=False, help_text="调休上班填“是”，放假填“否”")
    year = forms.IntegerField(label="放假年度", min_value=2000, max_value=2100)
    notice = forms.CharField(label="依据通知", max_length=120)

    @classmethod
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        have = set(DayRule.objects.filter(day__in=[r["day"] for r in rows]).values_list("day", flat=True))
        return {i: [("day", "这一天已经有规定，请在列表中修改")] for i, r in enumerate(rows) if r["day"] in have}


@register
class DayRuleDesk(Desk):
    name, model, group, icon = "workdays", DayRule, "系统", "calendar"
    intro = "国务院办公厅每年的放假安排。没有录入的年份按周末推算，涉及的时限会标明“暂按周末规则”。"
    columns = ("day", "working", "year", "notice")
    filters = ("year", "working")
    search = ("notice",)
    form, create, update = DayRuleForm, creating(DayRule), updating(DayRule)
    upload, attachments = True, False
