from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "keji.kernel.parties"
    label = "parties"
    verbose_name = "单位"
