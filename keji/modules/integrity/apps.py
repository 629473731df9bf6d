from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    name = "keji.modules.integrity"
    label = "integrity"
    verbose_name = "科研诚信"
