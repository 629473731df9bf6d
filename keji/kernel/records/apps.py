from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "keji.kernel.records"
    label = "records"
    verbose_name = "办件"
