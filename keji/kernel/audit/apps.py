from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "keji.kernel.audit"
    label = "audit"
    verbose_name = "留痕"
