"""A client is in use until somebody ends it; there is no way back, a new token needs a new client or a new issue."""

from __future__ import annotations

from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Flow, Step


class Revoke(Step):
    name, label = "revoke", "停用"
    source, target = ("active",), "revoked"
    roles = frozenset({Role.SECURITY_ADMIN})
    tone, needs_reason, in_todo = "danger", True, False
    confirm = "停用后令牌立即失效，不能恢复；以后要再用，须新建对接系统。确定停用？"


CLIENT = Flow(Revoke)
