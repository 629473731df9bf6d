"""The desk of clients, kept by the security administrator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest

from keji.desk.desk import Desk, Panel, register
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import ADMINISTRATORS, Role
from keji.lib.figures import plain_date
from keji.site.api import services
from keji.site.api.models import Client
from keji.site.desks import DATE, ModelRecordForm

LONGEST = timedelta(days=366)


class AccountChoice(forms.ModelChoiceField):
    """Two people may share a name; no two share a user name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.username}）"


class ClientForm(ModelRecordForm):
    model = Client
    fieldsets = (
        ("对接系统", ("name", "account", "purpose")),
        ("能做什么、用到哪天", ("may_read", "may_write", "from_on", "until_on")),
    )
    name = forms.CharField(label="系统名称", max_length=40, help_text="对方系统叫什么，如“市监局企业登记系统”")
    purpose = forms.CharField(label="用途", max_length=200, help_text="取什么数、报什么数，谁负责")
    account = AccountChoice(
        Account.objects.filter(is_active=True),
        label="代表账号",
        empty_label="请选择",
        help_text="对方能看到、能报送的，与这个账号本人一样多；建议为每个系统单独建一个账号",
    )
    may_read = forms.BooleanField(label="可查询", required=False, initial=True)
    may_write = forms.BooleanField(label="可报送", required=False)
    from_on = forms.DateField(label="自", widget=DATE)
    until_on = forms.DateField(label="至", widget=DATE, help_text="最长一年，到期前可以修改延长")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            self.fields["account"].disabled = True  # a token given for one person must not become another's

    def clean_account(self) -> Account:
        account: Account = self.cleaned_data["account"]
        roles = set(Grant.objects.filter(account=account).in_force(clock.today()).values_list("role", flat=True))
        if roles & ADMINISTRATORS:
            raise forms.ValidationError("管理员账号不能交给其他系统使用，请另选一个办理业务的账号。")
        if not roles:
            raise forms.ValidationError("这个账号现在没有任何授权，请先在“授权”里给它授权。")
        return account

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("from_on"), cleaned.get("until_on")
        if start and end and end < clock.today() and self.record is None:
            self.add_error("until_on", f"{plain_date(end)}已经过去，请填今天以后的日期。")
        elif start and end and end - max(start, clock.today()) > LONGEST:
            self.add_error("until_on", "一次最长给一年，请填早一些的日期，到期前再延长。")
        return cleaned


def token_panel(request: HttpRequest, record: Client) -> dict[str, Any]:
    """Whether there is a token, and the button that makes one."""
    may = actor_of(request).has(Role.SECURITY_ADMIN)
    return {"client": record, "refusal": record.refusal(max(clock.today(), record.from_on)), "may_issue": may}


@register
class ClientDesk(Desk):
    name, model, group, icon = "clients", Client, "安全", "api"
    intro = "其他系统凭令牌经接口取数、报数，权限与所代表的账号相同；令牌只在发放时显示一次。"
    columns = ("name", "account", "may_read", "may_write", "from_on", "until_on", "state", "last_used_at")
    search = ("name", "purpose", "account__name", "account__username")
    filters = ("state",)
    tones = {"active": "green", "revoked": "gray"}
    facts = (
        ("对接系统", ("name", "purpose", "account", "may_read", "may_write", "from_on", "until_on")),
        ("使用情况", ("hint", "issued_at", "issues", "last_used_at", "created_at")),
    )
    panels = (Panel("令牌", "api/token.html", token_panel),)
    form = ClientForm
    create, update = staticmethod(services.create_clients), staticmethod(services.update_client)
    editable_in = ("active",)
    related = ("account",)
    attachments = False
    empty = "还没有系统对接。需要与其他部门的系统交换数据时，在这里新建，再发放令牌。"
