from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AuditConfig(AppConfig):
    name = "keji.kernel.audit"
    label = "audit"
    verbose_name = "留痕"

    def ready(self) -> None:
        from keji.kernel.audit.tables import report

        connection_created.connect(report, dispatch_uid="audit tables")
