from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "keji.kernel.facts"
    label = "facts"
    verbose_name = "一企一档"
