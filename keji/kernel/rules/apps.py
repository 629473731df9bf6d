from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "keji.kernel.rules"
    label = "rules"
    verbose_name = "规则"
