from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "keji.modules.experts"
    label = "experts"
    verbose_name = "评审专家库"
