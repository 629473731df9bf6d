from django.apps import AppConfig


class HorseraceConfig(AppConfig):
    name = "keji.modules.horserace"
    label = "horserace"
    verbose_name = "科技创新赛马"
