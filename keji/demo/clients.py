"""The systems other departments would connect. No token is given out: a real one is random and shown once."""

from __future__ import annotations

from datetime import date

from keji.demo.story import actor, moment
from keji.kernel.people.models import Account
from keji.kernel.records.flow import take
from keji.site.api.services import create_clients

#: name, purpose, account, reads, writes, from, until, why it was ended
CLIENTS = (
    ("省科技创新综合服务平台", "每天取高新技术企业名单", "gaoxin", True, False, "2024-03-01", "2025-02-28", ""),
    ("裕安区企业服务平台", "取本区企业档案，报送新认定的科技资质", "yuan", True, True, "2024-06-01", "2025-05-31", ""),
    ("市统计数据交换平台", "报送研发经费、财政科技支出等填报数", "guihua", False, True, "2024-01-10", "2024-12-20", ""),
    ("霍邱县旧台账系统", "迁移历史台账", "huoqiu", True, True, "2024-02-01", "2024-12-31", "历史台账已迁移完毕"),
)  # fmt: skip


def connect_systems() -> None:
    """Put them on file on their first day; the one whose work is done is ended."""
    for name, purpose, username, reads, writes, start, end, ended in CLIENTS:
        on = date.fromisoformat(start)
        row = {
            "name": name,
            "purpose": purpose,
            "account": Account.objects.get(username=username),
            "may_read": reads,
            "may_write": writes,
            "from_on": on,
            "until_on": date.fromisoformat(end),
        }
        client, *_ = create_clients([row], actor=actor("anquan", on), at=moment(on))
        if ended:
            last = date(2024, 9, 30)
            take("revoke", client, actor=actor("anquan", last), at=moment(last), reason=ended)
