from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "keji.kernel.indicators"
    label = "indicators"
    verbose_name = "指标"
